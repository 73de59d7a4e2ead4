using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>One layer of ChatGLM-6B; residuals start from what was normalised, times a constant (source: THUDM's modeling_chatglm.py, GLMBlock).</summary>
internal sealed class ChatGlm1Layer : DecoderLayer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly ChatGlm1Attention _attention;

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
        _attention = new ChatGlm1Attention(config, placement);
        _forwardNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _forward = new GlmFeedForward(config.HiddenSize, config.IntermediateSize, "gelu_new", placement);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor normalized = _attentionNorm.forward(hidden);
        Tensor attended = (normalized * _residual) + _attention.forward(normalized, step);
        normalized = _forwardNorm.forward(attended);
        return (normalized * _residual) + _forward.forward(normalized);
    }
}

/// <summary>Self-attention with queries, keys and values from one matrix, side by side for each head; each half of a head has a position of its own.</summary>
internal sealed class ChatGlm1Attention : nn.Module<Tensor, DecoderStep, Tensor>
{
    [ComponentName(Name = "query_key_value")]
    private readonly Linear _fused;

    [ComponentName(Name = "dense")]
    private readonly Linear _output;

    private readonly int _heads;

    public ChatGlm1Attention(ChatGlm1Config config, Placement placement)
        : base(nameof(ChatGlm1Attention))
    {
        _fused = new Linear(config.HiddenSize, 3L * config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _heads = config.Heads;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor[] three = Attention.SplitHeads(_fused.forward(hidden), _heads).chunk(3, -1);
        return _output.forward(step.Attend(three[0], three[1], three[2], dropout: 0));
    }
}
