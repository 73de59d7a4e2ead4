using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>One layer of the GLM of 2022: normalisation, self-attention, normalisation, feed-forward part, each half with a residual (Du et al. 2022, §2.2; source: THUDM's modeling_glm.py, GLMBlock).</summary>
internal sealed class Glm2022Layer : DecoderLayer
{
    private const int Widening = 4;

    [ComponentName(Name = "input_layernorm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly Glm2022Attention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly LayerNorm _forwardNorm;

    [ComponentName(Name = "mlp")]
    private readonly GlmFeedForward _forward;

    private readonly double _dropout;

    public Glm2022Layer(Glm2022Config config, Placement placement)
        : base(nameof(Glm2022Layer))
    {
        _attentionNorm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        _attention = new Glm2022Attention(config, placement);
        _forwardNorm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        _forward = new GlmFeedForward(config.HiddenSize, (long)Widening * config.HiddenSize, "gelu", placement);
        _dropout = config.OutputDropout;
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor attended = hidden + Drop(_attention.forward(_attentionNorm.forward(hidden), step));
        return attended + Drop(_forward.forward(_forwardNorm.forward(attended)));
    }

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}

/// <summary>Self-attention with queries, keys and values from one matrix. The reference's <c>attention_scale</c> changes only the order of rounding.</summary>
internal sealed class Glm2022Attention : nn.Module<Tensor, DecoderStep, Tensor>
{
    [ComponentName(Name = "query_key_value")]
    private readonly Linear _fused;

    [ComponentName(Name = "dense")]
    private readonly Linear _output;

    private readonly int _heads;
    private readonly double _dropout;

    public Glm2022Attention(Glm2022Config config, Placement placement)
        : base(nameof(Glm2022Attention))
    {
        _fused = new Linear(config.HiddenSize, 3L * config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.HiddenSize, placement);
        (_heads, _dropout) = (config.Heads, config.AttentionDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        // All queries, all keys, all values.
        Tensor[] three = [.. _fused.forward(hidden).chunk(3, -1).Select(part => Attention.SplitHeads(part, _heads))];
        return _output.forward(step.Attend(three[0], three[1], three[2], training ? _dropout : 0));
    }
}
