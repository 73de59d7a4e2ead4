using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm4;

/// <summary>
/// GLM-4's layer: LLaMA's with gate and values in one matrix, and in GLM-4-0414 with two more normalisations (GLM team 2024; reference: modeling_glm.py,
/// modeling_glm4.py).
/// </summary>
internal sealed class Glm4Layer : Layer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "self_attn")]
    private readonly MultiHeadAttention _attention;

    [ComponentName(Name = "post_self_attn_layernorm")]
    private readonly RmsNorm? _attendedNorm;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly FusedGate _gated;

    [ComponentName(Name = "post_mlp_layernorm")]
    private readonly RmsNorm? _outputNorm;

    public Glm4Layer(Glm4Config config, Placement placement)
        : base(nameof(Glm4Layer))
    {
        _attentionNorm = Norm();
        _attention = DecoderAttention.Create(config, outputBias: false, placement);
        _attendedNorm = config.HasSandwichNorms ? Norm() : null;
        _gatedNorm = Norm();
        _gated = new FusedGate(
            ("gate_up_proj", "down_proj"), config.HiddenSize, config.IntermediateSize, config.Activation, bias: false, placement);
        _outputNorm = config.HasSandwichNorms ? Norm() : null;
        RegisterComponents();

        RmsNorm Norm() => new(config.HiddenSize, config.RmsNormEpsilon, placement);
    }

    public override VectorLayer? Vectors(VectorWeights weights, VectorWorkspace work) => _gated.Vectors(weights, work) is { } gated
        ? new VectorLayer(
            new VectorSublayer(work, _attention.Vectors(weights, work)) { Before = _attentionNorm.Vectors(weights), Behind = _attendedNorm?.Vectors(weights) },
            new VectorSublayer(work, gated) { Before = _gatedNorm.Vectors(weights), Behind = _outputNorm?.Vectors(weights) })
        : null;

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor attended = _attention.forward(_attentionNorm.forward(hidden), step);
        hidden = hidden.Plus(_attendedNorm?.forward(attended) ?? attended);
        Tensor gated = _gated.forward(_gatedNorm.forward(hidden));
        return hidden.Plus(_outputNorm?.forward(gated) ?? gated);
    }
}
