using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>One layer of ChatGLM-6B; residuals start from what was normalised, times a constant (source: THUDM's modeling_chatglm.py, GLMBlock).</summary>
internal sealed class ChatGlm1Layer : Layer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly FusedAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly LayerNorm _forwardNorm;

    [ComponentName(Name = "mlp")]
    private readonly GlmFeedForward _forward;

    // Meant is √(2 × layers), but the reference's network does not tell its layers how many there are, and they take the 28 of ChatGLM-6B.
    private static readonly double _residual = Math.Sqrt(2 * 28);

    public ChatGlm1Layer(ChatGlm1Config config, Placement placement)
        : base(nameof(ChatGlm1Layer))
    {
        _attentionNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _attention = new FusedAttention(
            new AttentionShape(config.HiddenSize, config.Heads, config.Heads, config.HeadWidth), byHead: true, new AttentionOptions(Dropout: 0), placement);
        _forwardNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _forward = new GlmFeedForward(config.HiddenSize, config.IntermediateSize, "gelu_new", placement);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor normalized = _attentionNorm.forward(hidden);
        Tensor attended = (normalized * Number(_residual)).Plus(_attention.forward(normalized, step));
        normalized = _forwardNorm.forward(attended);
        return (normalized * Number(_residual)).Plus(_forward.forward(normalized));
    }
}
