using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm4;

/// <summary>
/// GLM-4's layer: LLaMA's with gate and values in one matrix, and in GLM-4-0414 with two more normalisations (GLM team 2024; reference: modeling_glm.py,
/// modeling_glm4.py).
/// </summary>
internal sealed class Glm4Layer : DecoderLayer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "self_attn")]
    private readonly GroupedAttention _attention;

    [ComponentName(Name = "post_self_attn_layernorm")]
    private readonly RmsNorm? _attendedNorm;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly Glm4Gated _gated;

    [ComponentName(Name = "post_mlp_layernorm")]
    private readonly RmsNorm? _outputNorm;

    public Glm4Layer(Glm4Config config, Placement placement)
        : base(nameof(Glm4Layer))
    {
        _attentionNorm = Norm();
        _attention = new GroupedAttention(config, outputBias: false, placement);
        _attendedNorm = config.HasSandwichNorms ? Norm() : null;
        _gatedNorm = Norm();
        _gated = new Glm4Gated(config, placement);
        _outputNorm = config.HasSandwichNorms ? Norm() : null;
        RegisterComponents();

        RmsNorm Norm() => new(config.HiddenSize, config.RmsNormEpsilon, placement);
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor attended = _attention.forward(_attentionNorm.forward(hidden), step);
        hidden = hidden + (_attendedNorm?.forward(attended) ?? attended);
        Tensor gated = _gated.forward(_gatedNorm.forward(hidden));
        return hidden + (_outputNorm?.forward(gated) ?? gated);
    }
}

/// <summary>Feed-forward part with a gate (Shazeer 2020); the rows of the gate stand before those of the values.</summary>
internal sealed class Glm4Gated : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_up_proj")]
    private readonly Linear _gateAndUp;

    [ComponentName(Name = "down_proj")]
    private readonly Linear _down;

    private readonly Func<Tensor, Tensor> _activation;

    public Glm4Gated(Glm4Config config, Placement placement)
        : base(nameof(Glm4Gated))
    {
        _gateAndUp = new Linear(config.HiddenSize, 2L * config.IntermediateSize, placement, bias: false);
        _down = new Linear(config.IntermediateSize, config.HiddenSize, placement, bias: false);
        _activation = Activations.Find(config.Activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        Tensor[] halves = _gateAndUp.forward(hidden).chunk(2, -1);
        return _down.forward(_activation(halves[0]) * halves[1]);
    }
}
