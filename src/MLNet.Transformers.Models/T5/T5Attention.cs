using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.T5;

/// <summary>Attention whose scores are not divided by √width: what the weights are drawn with stands for it (reference: modeling_t5.py, T5Attention).</summary>
internal sealed class T5Attention : nn.Module
{
    [ComponentName(Name = "q")]
    private readonly Linear _query;

    [ComponentName(Name = "k")]
    private readonly Linear _key;

    [ComponentName(Name = "v")]
    private readonly Linear _value;

    [ComponentName(Name = "o")]
    private readonly Linear _output;

    [ComponentName(Name = "relative_attention_bias")]
    private readonly Embedding? _positionBias;

    private readonly RelativePositionBuckets? _buckets;
    private readonly ProjectedAttention _attention;

    // buckets: of the layer that holds its stack's table of relative positions.
    public T5Attention(T5Config config, RelativePositionBuckets? buckets, Placement placement)
        : base(nameof(T5Attention))
    {
        _query = new Linear(config.HiddenSize, config.InnerSize, placement, bias: false);
        _key = new Linear(config.HiddenSize, config.InnerSize, placement, bias: false);
        _value = new Linear(config.HiddenSize, config.InnerSize, placement, bias: false);
        _output = new Linear(config.InnerSize, config.HiddenSize, placement, bias: false);
        _positionBias = buckets is null ? null : new Embedding(buckets.Count, config.Heads, placement);
        _buckets = buckets;
        _attention = new ProjectedAttention(_query, _key, _value, config.Heads, config.Dropout, scale: 1);
        RegisterComponents();
    }

    /// <summary>What is added to the scores of each head for the distance between query and key.</summary>
    /// <param name="queries">Number of queries: the last ones of the keys.</param>
    /// <param name="keys">Number of keys.</param>
    /// <returns>(1, heads, queries, keys).</returns>
    public Tensor PositionBias(long queries, long keys) =>
        _positionBias!.forward(_buckets!.Between(queries, keys, _positionBias.Weight.device)).permute(2, 0, 1).unsqueeze(0);

    public Tensor ToItself(Tensor hidden, Tensor? mask, LayerCache? cache) => _output.forward(_attention.ToItself(hidden, mask, cache));

    public Tensor ToSource(Tensor hidden, AttentionSource source, LayerCache? cache) => _output.forward(_attention.ToSource(hidden, source, cache));
}

/// <summary>The feed-forward part: an activation between two projections, or, gated, one that weighs a third (Shazeer 2020).</summary>
internal sealed class T5Dense : nn.Module<Tensor, Tensor>
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
    private readonly double _dropout;

    public T5Dense(T5Config config, Placement placement)
        : base(nameof(T5Dense))
    {
        _input = config.GatedFeedForward ? null : Inner();
        _gate = config.GatedFeedForward ? Inner() : null;
        _gated = config.GatedFeedForward ? Inner() : null;
        _output = new Linear(config.IntermediateSize, config.HiddenSize, placement, bias: false);
        (_activation, _dropout) = (Activations.Find(config.Activation), config.Dropout);
        RegisterComponents();

        Linear Inner() => new(config.HiddenSize, config.IntermediateSize, placement, bias: false);
    }

    public override Tensor forward(Tensor hidden)
    {
        Tensor inner = _input is not null ? _activation(_input.forward(hidden)) : _activation(_gate!.forward(hidden)) * _gated!.forward(hidden);
        return _output.forward(nn.functional.dropout(inner, _dropout, training));
    }
}
