using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Bert.BertLayer>;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT without a head: a vector of each token, and the first token's, transformed where there is a pooler (Devlin et al. 2019; reference: modeling_bert.py, BertModel).</summary>
internal sealed class BertBackbone : Backbone
{
    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "encoder")]
    private readonly BertEncoder _encoder;

    [ComponentName(Name = "pooler")]
    private readonly BertPooler? _pooler;

    public BertBackbone(BertConfig config, bool pooled, Placement placement)
        : this(config, pooled, readsSource: false, placement)
    {
    }

    private BertBackbone(BertConfig config, bool pooled, bool readsSource, Placement placement)
        : base(nameof(BertBackbone))
    {
        _embeddings = new BertEmbeddings(config, placement);
        _encoder = new BertEncoder(config, readsSource, placement);
        _pooler = pooled ? new BertPooler(config, placement) : null;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _embeddings.TokenTable;

    internal override IReadOnlyList<nn.Module> Stages => [_embeddings, .. _encoder.Layers];

    internal override Tensor PositionsOf(TokenBatch batch) => _embeddings.PositionsOf(batch);

    /// <summary>A backbone whose layers attend to a source besides, for <see cref="Decode"/>.</summary>
    public static BertBackbone Decoder(BertConfig config, Placement placement) => new(config, pooled: false, readsSource: true, placement);

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor hidden = Encode(batch);
        Tensor first = Pooling.First(hidden, batch.Mask);
        return new BackboneOutput(hidden, _pooler?.forward(first) ?? first);
    }

    /// <summary>The vectors of tokens that see each other, (batch, tokens, hidden).</summary>
    internal Tensor Encode(TokenBatch batch) =>
        _encoder.Transform(Embed(batch), AttentionMask.Bidirectional(batch.Mask), source: null, cache: null, HiddenStateObserver);

    /// <summary>The vectors of tokens that see what stands before them, and a source, (batch, tokens, hidden).</summary>
    internal Tensor Decode(TokenBatch target, AttentionSource source) =>
        _encoder.Transform(Embed(target), AttentionMask.Causal(target), source, target.Cache, HiddenStateObserver);

    private Tensor Embed(TokenBatch batch)
    {
        Tensor embedded = _embeddings.forward(batch).to(ComputeType);
        HiddenStateObserver?.Invoke(embedded);
        return embedded;
    }
}

/// <summary>Sum of token, position and segment vectors, normalised.</summary>
internal sealed class BertEmbeddings : nn.Module<TokenBatch, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _positions;

    [ComponentName(Name = "token_type_embeddings")]
    private readonly Embedding _segments;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly int? _positionPadding;
    private readonly bool _hasSegments;
    private readonly double _dropout;

    public BertEmbeddings(BertConfig config, Placement placement)
        : base(nameof(BertEmbeddings))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement, config.PaddingRow);
        _positions = new Embedding(config.MaxPositions, config.HiddenSize, placement, config.PositionPadding);
        _segments = new Embedding(config.SegmentTypes, config.HiddenSize, placement);
        _norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        (_positionPadding, _hasSegments, _dropout) = (config.PositionPadding, config.HasSegments, config.HiddenDropout);
        RegisterComponents();
    }

    public Tensor TokenTable => _tokens.Weight;

    public Tensor PositionsOf(TokenBatch batch) => batch.Positions
        ?? (_positionPadding is { } padding ? Positions.BehindPadding(batch, padding) : Positions.OfTokens(batch));

    public override Tensor forward(TokenBatch batch)
    {
        Tensor ids = batch.Ids;
        Tensor positions = batch.Positions is null && batch.Mask is null && _positionPadding is null
            ? _positions.Weight.narrow(0, 0, batch.Length)
            : _positions.forward(PositionsOf(batch));
        Tensor segments = _hasSegments && batch.SegmentIds is { } numbers ? _segments.forward(numbers) : _segments.Weight[0];
        Tensor sum = _tokens.forward(ids) + segments + positions;
        return nn.functional.dropout(_norm.forward(sum), _dropout, training);
    }
}

internal sealed class BertEncoder : nn.Module
{
    [ComponentName(Name = "layer")]
    private readonly ModuleList _layers;

    public BertEncoder(BertConfig config, bool readsSource, Placement placement)
        : base(nameof(BertEncoder))
    {
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new BertLayer(config, readsSource, placement))]);
        RegisterComponents();
    }

    public IReadOnlyList<nn.Module> Layers => [.. _layers];

    public Tensor Transform(Tensor hidden, Tensor? mask, AttentionSource? source, KeyValueCache? cache, Action<Tensor>? observer)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            using var scope = NewDisposeScope();
            hidden = _layers[i].forward(hidden, mask, source, cache?[i]).MoveToOuterDisposeScope();
            observer?.Invoke(hidden);
        }
        return hidden;
    }
}

/// <summary>The first token's vector, transformed as next-sentence prediction trained it.</summary>
internal sealed class BertPooler : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    public BertPooler(BertConfig config, Placement placement)
        : base(nameof(BertPooler))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        RegisterComponents();
    }

    public override Tensor forward(Tensor first) => _dense.forward(first).tanh();
}
