using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT without a head: a vector of each token, and the first token's, transformed where there is a pooler (Devlin et al. 2019; reference: modeling_bert.py, BertModel).</summary>
internal sealed class BertBackbone : Backbone
{
    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "encoder.layer")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "pooler")]
    private readonly BertPooler? _pooler;

    private readonly BertConfig _config;
    private readonly VectorActivation? _activation;
    private readonly bool _readsFirst;
    private readonly Lock _making = new();
    private TiledEncoder? _tiles;

    /// <param name="config">Its sizes.</param>
    /// <param name="pooled">Whether it transforms the first token's vector.</param>
    /// <param name="readsFirst">Whether its head reads that vector alone.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public BertBackbone(BertConfig config, bool pooled, bool readsFirst, Placement placement)
        : this(config, pooled, readsFirst, readsSource: false, placement)
    {
    }

    private BertBackbone(BertConfig config, bool pooled, bool readsFirst, bool readsSource, Placement placement)
        : base(nameof(BertBackbone))
    {
        _readsFirst = readsFirst;
        _embeddings = new BertEmbeddings(config, placement);
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new BertLayer(config, readsSource, placement))]);
        (_config, _activation) = (config, VectorActivations.Find(config.Activation));
        _pooler = pooled ? new BertPooler(config, placement) : null;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _embeddings.TokenTable;

    internal override IReadOnlyList<nn.Module> Stages => [_embeddings, .. _layers];

    internal override bool PredictsInTiles => _activation is not null && TiledEncoder.IsSupported && ComputeType == ScalarType.Float32
        && TokenEmbedding.device.type == DeviceType.CPU && TokenEmbedding.dtype == ScalarType.Float32;

    internal override Tensor PositionsOf(TokenBatch batch) => _embeddings.PositionsOf(batch);

    /// <summary>A backbone whose layers attend to a source besides, for <see cref="Decode"/>.</summary>
    public static BertBackbone Decoder(BertConfig config, Placement placement) => new(config, pooled: false, readsFirst: false, readsSource: true, placement);

    public override BackboneOutput forward(TokenBatch batch)
    {
        if (_readsFirst && Tiles(batch)?.EncodeFirst(batch, PositionsOf(batch)) is { } only)
        {
            return new BackboneOutput(only.unsqueeze(1), _pooler?.forward(only) ?? only);
        }
        Tensor hidden = Encode(batch);
        Tensor first = Pooling.First(hidden, batch.Mask);
        return new BackboneOutput(hidden, _pooler?.forward(first) ?? first);
    }

    /// <summary>The vectors of tokens that see each other, (batch, tokens, hidden).</summary>
    internal Tensor Encode(TokenBatch batch) =>
        Tiles(batch)?.Encode(batch, PositionsOf(batch)) ?? _layers.Run(Embed(batch), new LayerStep(AttentionMask.Bidirectional(batch.Mask)), batch);

    /// <summary>The vectors of tokens that see what stands before them, and a source, (batch, tokens, hidden).</summary>
    internal Tensor Decode(TokenBatch target, AttentionSource source) => _layers.Run(Embed(target), new LayerStep(AttentionMask.Causal(target), source), target);

    /// <summary>A change of mode is where weights may have changed.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        ForgetTiles();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ForgetTiles();
        }
        base.Dispose(disposing);
    }

    private Tensor Embed(TokenBatch batch) => _embeddings.forward(batch).to(ComputeType);

    // Where predictions of such a batch can do without libtorch; null elsewhere. Several prediction engines may come here at once.
    private TiledEncoder? Tiles(TokenBatch batch)
    {
        bool fits = PredictsInTiles && !training && !is_grad_enabled() && batch.HiddenStates is null
            && (batch.Mask is null || (batch.Mask.dim() == 2 && batch.Mask.shape[1] == batch.Length && (_readsFirst || !batch.ReadsPadding)));
        if (!fits)
        {
            return null;
        }
        lock (_making)
        {
            return _tiles ??= MakeTiles();
        }
    }

    private TiledEncoder MakeTiles()
    {
        TiledLayer[] layers = [.. _layers.Select(layer => ((BertLayer)layer).Tiles(_config, _activation!))];
        return new TiledEncoder(layers, _embeddings.Tiles(), () => new TileWorkspace(_config.HiddenSize, BertAttention.Shape(_config), _config.IntermediateSize));
    }

    private void ForgetTiles()
    {
        lock (_making)
        {
            _tiles?.Dispose();
            _tiles = null;
        }
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

    public TiledEmbedding Tiles() => new(_tokens.Weight, _segments.Weight, _positions.Weight, _hasSegments, _norm.Tiles());

    public Tensor PositionsOf(TokenBatch batch) => batch.Positions
        ?? (_positionPadding is { } padding ? Positions.AfterPaddingRow(batch, padding) : Positions.OfTokens(batch));

    public override Tensor forward(TokenBatch batch)
    {
        Tensor ids = batch.Ids;
        Tensor positions = batch.Positions is null && batch.Mask is null && _positionPadding is null
            ? _positions.Weight.narrow(0, 0, batch.Length)
            : _positions.forward(PositionsOf(batch));
        Tensor segments = _hasSegments && batch.SegmentIds is { } numbers ? _segments.forward(numbers) : _segments.Weight[0];
        Tensor sum = _tokens.forward(ids).Plus(segments).Plus(positions);
        return Dropout.Of(_norm.forward(sum), _dropout, training);
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
