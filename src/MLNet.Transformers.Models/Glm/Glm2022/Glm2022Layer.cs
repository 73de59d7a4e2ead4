using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>One layer of the GLM of 2022: normalisation, self-attention, normalisation, feed-forward part, each half with a residual (Du et al. 2022, §2.2; source: THUDM's modeling_glm.py, GLMBlock).</summary>
internal sealed class Glm2022Layer : Layer
{
    private const int Widening = 4;

    [ComponentName(Name = "input_layernorm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly FusedAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly LayerNorm _forwardNorm;

    [ComponentName(Name = "mlp")]
    private readonly GlmFeedForward _forward;

    private readonly double _dropout;

    public Glm2022Layer(Glm2022Config config, Placement placement)
        : base(nameof(Glm2022Layer))
    {
        _attentionNorm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        // The reference's attention_scale changes only the order of rounding.
        _attention = new FusedAttention(
            new AttentionShape(config.HiddenSize, config.Heads, config.Heads, config.HiddenSize / config.Heads), byHead: false,
            new AttentionOptions(config.AttentionDropout), placement);
        _forwardNorm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        _forward = new GlmFeedForward(config.HiddenSize, (long)Widening * config.HiddenSize, "gelu", placement);
        _dropout = config.OutputDropout;
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor attended = hidden.Plus(Drop(_attention.forward(_attentionNorm.forward(hidden), step)));
        return attended.Plus(Drop(_forward.forward(_forwardNorm.forward(attended))));
    }

    private Tensor Drop(Tensor x) => Dropout.Of(x, _dropout, training);
}
