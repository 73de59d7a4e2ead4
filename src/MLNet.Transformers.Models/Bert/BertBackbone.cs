using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Bert.BertLayer>;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT without a head (Devlin et al. 2019; reference: modeling_bert.py, BertModel).</summary>
internal sealed class BertBackbone : Backbone
{
    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "encoder")]
    private readonly BertEncoder _encoder;

    [ComponentName(Name = "pooler")]
    private readonly BertPooler? _pooler;

    public BertBackbone(BertConfig config, bool pooled, Placement placement)
        : base(nameof(BertBackbone))
    {
        _embeddings = new BertEmbeddings(config, placement);
        _encoder = new BertEncoder(config, placement);
        _pooler = pooled ? new BertPooler(config, placement) : null;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _embeddings.TokenTable;

    internal override IReadOnlyList<nn.Module> Stages => [_embeddings, .. _encoder.Layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor embedded = _embeddings.forward(batch).to(ComputeType);
        HiddenStateObserver?.Invoke(embedded);
        Tensor hidden = _encoder.forward(embedded, AttentionMask.Bidirectional(batch.Mask), HiddenStateObserver);
        return new BackboneOutput(hidden, _pooler?.forward(Pooling.First(hidden, batch.Mask)));
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

    private readonly double _dropout;

    public BertEmbeddings(BertConfig config, Placement placement)
        : base(nameof(BertEmbeddings))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement, config.PaddingId);
        _positions = new Embedding(config.MaxPositions, config.HiddenSize, placement);
        _segments = new Embedding(config.SegmentTypes, config.HiddenSize, placement);
        _norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.HiddenDropout;
        RegisterComponents();
    }

    public Tensor TokenTable => _tokens.Weight;

    public override Tensor forward(TokenBatch batch)
    {
        Tensor ids = batch.Ids;
        Tensor positions = batch.Positions is { } given
            ? _positions.forward(given)
            : batch.Mask is null ? _positions.Weight.narrow(0, 0, batch.Length) : _positions.forward(Positions.OfTokens(batch));
        Tensor segments = batch.SegmentIds is { } numbers ? _segments.forward(numbers) : _segments.Weight[0];
        Tensor sum = _tokens.forward(ids) + segments + positions;
        return nn.functional.dropout(_norm.forward(sum), _dropout, training);
    }
}

internal sealed class BertEncoder : nn.Module<Tensor, Tensor?, Action<Tensor>?, Tensor>
{
    [ComponentName(Name = "layer")]
    private readonly ModuleList _layers;

    public BertEncoder(BertConfig config, Placement placement)
        : base(nameof(BertEncoder))
    {
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new BertLayer(config, placement))]);
        RegisterComponents();
    }

    public IReadOnlyList<nn.Module> Layers => [.. _layers];

    public override Tensor forward(Tensor hidden, Tensor? mask, Action<Tensor>? observer)
    {
        foreach (BertLayer layer in _layers)
        {
            using var scope = NewDisposeScope();
            hidden = layer.forward(hidden, mask).MoveToOuterDisposeScope();
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
