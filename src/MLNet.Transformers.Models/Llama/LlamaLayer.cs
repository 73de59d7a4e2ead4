using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Llama;

/// <summary>LLaMA's layer: self-attention, then a feed-forward part, each behind a normalisation and added to what came in (Touvron et al. 2023, §2.2; reference: modeling_llama.py).</summary>
internal sealed class LlamaLayer : Layer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "self_attn")]
    private readonly MultiHeadAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly LlamaGated _gated;

    public LlamaLayer(LlamaConfig config, Placement placement)
        : base(nameof(LlamaLayer))
    {
        _attentionNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, placement);
        _attention = DecoderAttention.Create(config, outputBias: config.AttentionBias, placement);
        _gatedNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, placement);
        _gated = new LlamaGated(config, placement);
        RegisterComponents();
    }

    public override VectorLayer? Vectors(VectorWeights weights, VectorWorkspace work) => _gated.Vectors(weights, work) is { } gated
        ? new VectorLayer(
            new VectorSublayer(work, _attention.Vectors(weights, work)) { Before = _attentionNorm.Vectors(weights) },
            new VectorSublayer(work, gated) { Before = _gatedNorm.Vectors(weights) })
        : null;

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor attended = hidden.Plus(_attention.forward(_attentionNorm.forward(hidden), step));
        return attended.Plus(_gated.forward(_gatedNorm.forward(attended)));
    }
}

/// <summary>Feed-forward part with a gate (Shazeer 2020).</summary>
internal sealed class LlamaGated : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")]
    private readonly Linear _gate;

    [ComponentName(Name = "up_proj")]
    private readonly Linear _up;

    [ComponentName(Name = "down_proj")]
    private readonly Linear _down;

    private readonly Func<Tensor, Tensor> _activation;
    private readonly string _activationName;

    public LlamaGated(LlamaConfig config, Placement placement)
        : base(nameof(LlamaGated))
    {
        _gate = new Linear(config.HiddenSize, config.IntermediateSize, placement, config.MlpBias);
        _up = new Linear(config.HiddenSize, config.IntermediateSize, placement, config.MlpBias);
        _down = new Linear(config.IntermediateSize, config.HiddenSize, placement, config.MlpBias);
        (_activation, _activationName) = (Activations.Find(config.Activation), config.Activation);
        RegisterComponents();
    }

    /// <summary>The part for one token; null where its activation has no such form.</summary>
    public VectorGate? Vectors(VectorWeights weights, VectorWorkspace work) => VectorActivations.Find(_activationName) is { } activation
        ? new VectorGate(work, _gate.Vectors(weights), _up.Vectors(weights), _down.Vectors(weights), activation)
        : null;

    public override Tensor forward(Tensor hidden) => _down.forward(_activation(_gate.forward(hidden)) * _up.forward(hidden));
}
