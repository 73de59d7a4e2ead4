using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.T5;

/// <summary>The layers of the encoder or of the decoder, which share one table of relative positions, and the normalisation behind them.</summary>
internal sealed class T5Stack : nn.Module
{
    [ComponentName(Name = "block")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "final_layer_norm")]
    private readonly RmsNorm _norm;

    // A checkpoint has the table within the first layer: that registers it.
    private readonly Func<Tensor, Tensor> _positionTable;
    private readonly RelativePositionBuckets _buckets;
    private readonly double _dropout;

    public T5Stack(T5Config config, bool decoder, Placement placement)
        : base(nameof(T5Stack))
    {
        _buckets = new RelativePositionBuckets(config.RelativeBuckets, config.RelativeMaxDistance, Bidirectional: !decoder);
        var positions = new Embedding(_buckets.Count, config.Heads, placement);
        _positionTable = positions.forward;
        _layers = new ModuleList([.. Enumerable.Range(0, decoder ? config.DecoderDepth : config.Layers)
            .Select(layer => new T5Layer(config, decoder, layer == 0 ? positions : null, placement))]);
        _norm = new RmsNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.Dropout;
        RegisterComponents();
    }

    public IReadOnlyList<nn.Module> Layers => [.. _layers];

    /// <summary>The stack for one token; null where it has no such form.</summary>
    public VectorNetwork? Vectors(VectorWeights weights, VectorWorkspace work, Action<int, long, int> embed)
    {
        VectorNetwork? network = VectorNetwork.Of(work, _layers.Select(layer => layer.Vectors(weights, work)), _norm.Vectors(weights), embed);
        return network is null ? null : network with { Distances = new VectorDistances(Distances) };
    }

    /// <param name="embedded">(batch, tokens, hidden).</param>
    /// <param name="seen">Which tokens each token sees, or null.</param>
    /// <param name="source">Of a decoder, what it attends to besides.</param>
    /// <param name="batch">What is read.</param>
    /// <returns>(batch, tokens, hidden).</returns>
    public Tensor Run(Tensor embedded, Tensor? seen, AttentionSource? source, TokenBatch batch)
    {
        ScalarType type = embedded.dtype;
        long queries = embedded.shape[1], keys = queries + (batch.Cache?.Length ?? 0);
        var step = new LayerStep(
            AttentionMask.Additive(seen, PositionBias(queries, keys, embedded.device), type),
            source is null ? null : source with { Mask = AttentionMask.Additive(source.Mask, null, type) });
        Tensor hidden = _layers.Run(Dropout.Of(embedded, _dropout, training), step, batch);
        return Dropout.Of(_norm.forward(hidden), _dropout, training);
    }

    // Of a text's last token, (heads, keys).
    private float[] Distances(int keys)
    {
        using var scope = NewDisposeScope();
        return PositionBias(1, keys, CPU).flatten().contiguous().data<float>().ToArray();
    }

    // What is added to the scores of each head for the distance between query and key, (1, heads, queries, keys); queries are the last of the keys.
    private Tensor PositionBias(long queries, long keys, Device device) =>
        _positionTable(_buckets.Between(queries, keys, device)).permute(2, 0, 1).unsqueeze(0);
}
