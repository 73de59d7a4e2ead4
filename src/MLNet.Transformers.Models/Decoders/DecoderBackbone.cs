using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>LLaMA and the networks built like it, without a head: embedding, layers, a last normalisation (reference: modeling_llama.py, LlamaModel).</summary>
internal sealed class DecoderBackbone : Backbone
{
    [ComponentName(Name = "embed_tokens")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "norm")]
    private readonly RmsNorm _norm;

    private readonly DecoderConfig _config;
    private readonly RotaryEmbedding _rotary;
    private readonly int? _padding;
    private readonly bool _pooled;

    /// <param name="config">The network's config.</param>
    /// <param name="pairs">Which two values of a head are turned together.</param>
    /// <param name="pooled">Whether the last token's vector is given besides.</param>
    /// <param name="layer">Makes a layer.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public DecoderBackbone(DecoderConfig config, RotaryPairs pairs, bool pooled, Func<Layer> layer, Placement placement)
        : base(nameof(DecoderBackbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement, config.PaddingRow);
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => layer())]);
        _norm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, placement);
        _rotary = config.Rotary.Embedding(config.Attention.HeadWidth, pairs);
        (_config, _padding, _pooled) = (config, config.PadTokenId, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _layers];

    internal override VectorNetwork? Vectors(VectorWeights weights)
    {
        AttentionShape shape = _config.Attention;
        WeightMatrix tokens = weights.Table(_tokens.Weight);
        var work = new VectorWorkspace(shape.Hidden, shape.QueryWidth, shape.KeyWidth, _config.IntermediateSize);
        VectorNetwork? network = VectorNetwork.Of(
            work, _layers.Select(layer => layer.Vectors(weights, work)), _norm.Vectors(weights), (token, _, vector) => tokens.CopyRow(token, work.Hidden.Values(vector)));
        return network is null ? null : network with { TurnsAt = _rotary.At };
    }

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor hidden = _tokens.forward(batch.Ids).to(ComputeType);
        var step = new LayerStep(AttentionMask.Causal(batch), Rotation: _rotary.At(PositionsOf(batch), ComputeType));
        hidden = _norm.forward(_layers.Run(hidden, step, batch));
        return new BackboneOutput(hidden, _pooled ? LastToken.Of(hidden, batch, _padding) : null);
    }
}
