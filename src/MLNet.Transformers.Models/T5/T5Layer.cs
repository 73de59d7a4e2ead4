using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.T5;

/// <summary>
/// One layer (Raffel et al. 2020, §2.1; reference: modeling_t5.py, T5Block): self-attention, in a decoder attention to the source, a feed-forward
/// part. Its attention's scores are not divided by √width: what the weights are drawn with stands for it (T5Attention).
/// </summary>
internal sealed class T5Layer : Layer
{
    private static readonly AttentionNames _names = new("q", "k", "v", "o");

    [ComponentName(Name = "layer")]
    private readonly ModuleList _sublayers;

    /// <param name="config">The network's config.</param>
    /// <param name="decoder">Whether it attends to a source.</param>
    /// <param name="positions">The stack's table of relative positions, which checkpoints keep in its first layer; null in the others.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public T5Layer(T5Config config, bool decoder, Embedding? positions, Placement placement)
        : base(nameof(T5Layer))
    {
        MultiHeadAttention self = Attention(readsSource: false);
        if (positions is not null)
        {
            self.register_module("relative_attention_bias", positions);
        }
        var feedForward = new T5FeedForward(config, placement);
        _sublayers = decoder
            ? new(Sublayer("SelfAttention", self), Sublayer("EncDecAttention", Attention(readsSource: true)), Sublayer("DenseReluDense", feedForward))
            : new(Sublayer("SelfAttention", self), Sublayer("DenseReluDense", feedForward));
        RegisterComponents();

        T5Sublayer Sublayer(string name, nn.Module<Tensor, LayerStep, Tensor> inner) => new(name, inner, config, placement);

        MultiHeadAttention Attention(bool readsSource) => new(
            _names, new AttentionShape(config.HiddenSize, config.Heads, config.Heads, config.HeadSize),
            new AttentionOptions(config.Dropout) { Bias = false, OutputBias = false, ReadsSource = readsSource, Scale = 1 }, placement);
    }

    public override VectorLayer? Vectors(VectorWeights weights, VectorWorkspace work)
    {
        VectorSublayer?[] parts = [.. _sublayers.Select(layer => ((T5Sublayer)layer).Sublayer(weights, work))];
        return parts.All(part => part is not null) ? new VectorLayer(parts!) : null;
    }

    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        foreach (Layer sublayer in _sublayers)
        {
            hidden = sublayer.forward(hidden, step);
        }
        return hidden;
    }
}

/// <summary>Reads normalised vectors, and adds to those that are not.</summary>
internal sealed class T5Sublayer : Layer
{
    private readonly RmsNorm _norm;
    private readonly nn.Module<Tensor, LayerStep, Tensor> _inner;
    private readonly double _dropout;

    public T5Sublayer(string name, nn.Module<Tensor, LayerStep, Tensor> inner, T5Config config, Placement placement)
        : base(nameof(T5Sublayer))
    {
        _inner = inner;
        _norm = new RmsNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.Dropout;
        register_module(name, inner);
        register_module("layer_norm", _norm);
    }

    /// <summary>The part for one token; null where its activation has no such form.</summary>
    public VectorSublayer? Sublayer(VectorWeights weights, VectorWorkspace work)
    {
        IVectorPart? part = _inner is MultiHeadAttention attention ? attention.Vectors(weights, work) : ((T5FeedForward)_inner).Part(weights, work);
        return part is null ? null : new VectorSublayer(work, part) { Before = _norm.Vectors(weights) };
    }

    public override Tensor forward(Tensor hidden, LayerStep step) =>
        hidden.Plus(Dropout.Of(_inner.forward(_norm.forward(hidden), step), _dropout, training));

    /// <summary>Nothing: the parts are registered under their names already.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>The feed-forward part: an activation between two projections, or, gated, one that weighs a third (Shazeer 2020).</summary>
internal sealed class T5FeedForward : Layer
{
    [ComponentName(Name = "wi")]
    private readonly Linear? _input;

    [ComponentName(Name = "wi_0")]
    private readonly Linear? _gate;

    [ComponentName(Name = "wi_1")]
    private readonly Linear? _gated;

    [ComponentName(Name = "wo")]
    private readonly Linear _output;

    private readonly Func<Tensor, Tensor> _activation;
    private readonly string _activationName;
    private readonly double _dropout;

    public T5FeedForward(T5Config config, Placement placement)
        : base(nameof(T5FeedForward))
    {
        _input = config.GatedFeedForward ? null : Inner();
        _gate = config.GatedFeedForward ? Inner() : null;
        _gated = config.GatedFeedForward ? Inner() : null;
        _output = new Linear(config.IntermediateSize, config.HiddenSize, placement, bias: false);
        (_activation, _activationName, _dropout) = (Activations.Find(config.Activation), config.Activation, config.Dropout);
        RegisterComponents();

        Linear Inner() => new(config.HiddenSize, config.IntermediateSize, placement, bias: false);
    }

    /// <summary>The part for one token; null where its activation has no such form.</summary>
    public IVectorPart? Part(VectorWeights weights, VectorWorkspace work) => VectorActivations.Find(_activationName) is not { } activation ? null
        : _input is not null ? new VectorFeedForward(work, _input.Vectors(weights), _output.Vectors(weights), activation)
        : new VectorGate(work, _gate!.Vectors(weights), _gated!.Vectors(weights), _output.Vectors(weights), activation);

    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor inner = _input is not null ? _activation(_input.forward(hidden)) : _activation(_gate!.forward(hidden)) * _gated!.forward(hidden);
        return _output.forward(Dropout.Of(inner, _dropout, training));
    }
}
