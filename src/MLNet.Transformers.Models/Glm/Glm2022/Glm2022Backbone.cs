using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Decoders.DecoderLayer>;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>
/// The GLM of 2022 without a head (Du et al. 2022; source: THUDM's modeling_glm.py, GLMModel). Positions are (batch, 2, tokens): the place in the
/// text, where all that fills a blank stands at the blank, and the place within what fills it, 0 outside. Given as (batch, tokens) they are places of
/// a text alone; not given, they are counted, and nothing fills a blank: <see cref="BlankInfilling"/> makes both rows.
/// </summary>
internal sealed class Glm2022Backbone : Backbone
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "transformer")]
    private readonly Glm2022Stack _stack;

    private readonly bool _wholeText;
    private readonly bool _pooled;

    /// <param name="config">Its sizes.</param>
    /// <param name="head">The head, which says what a text without a mask is: to read as a whole, or to continue.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public Glm2022Backbone(Glm2022Config config, HeadSpec head, Placement placement)
        : base(nameof(Glm2022Backbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _stack = new Glm2022Stack(config, placement);
        _wholeText = head.Kind is HeadKind.SequenceClassification or HeadKind.TokenClassification or HeadKind.QuestionAnswering;
        _pooled = head.Pooled;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _stack.Layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _stack.Layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor embedded = _tokens.forward(batch.Ids);
        Tensor hidden = _stack.forward(embedded, PositionsOf(batch), Mask(batch), batch.Cache, ComputeType, HiddenStateObserver);
        return new BackboneOutput(hidden, _pooled ? Pooling.First(hidden, batch.Mask) : null);
    }

    internal override Tensor PositionsOf(TokenBatch batch)
    {
        Tensor places = batch.Positions ?? Positions.OfTokens(batch);
        return places.dim() == 3 ? places : stack([places, zeros_like(places)], 1);
    }

    // What follows a token in a blank is in it, too, and stays at its place; what follows text is text.
    internal override Tensor PositionsAfter(Tensor positions)
    {
        Tensor last = Positions.Last(positions);
        Tensor inBlank = last.narrow(1, 1, 1).gt(0);
        return last + cat([inBlank.logical_not(), inBlank], 1);
    }

    private Tensor? Mask(TokenBatch batch) => _wholeText && (batch.Mask is null || batch.Mask.dim() == 2)
        ? AttentionMask.Bidirectional(batch.Mask)
        : AttentionMask.CausalOrAlike(batch, ComputeType);
}

internal sealed class Glm2022Stack : nn.Module
{
    [ComponentName(Name = "position_embeddings")]
    private readonly Embedding _places;

    [ComponentName(Name = "block_position_embeddings")]
    private readonly Embedding? _blockPlaces;

    [ComponentName(Name = "layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "final_layernorm")]
    private readonly LayerNorm _norm;

    private readonly double _dropout;

    public Glm2022Stack(Glm2022Config config, Placement placement)
        : base(nameof(Glm2022Stack))
    {
        _places = new Embedding(config.PositionRows, config.HiddenSize, placement);
        _blockPlaces = config.HasBlockPositions ? new Embedding(config.PositionRows, config.HiddenSize, placement) : null;
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new Glm2022Layer(config, placement))]);
        _norm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        _dropout = config.EmbeddingDropout;
        RegisterComponents();
    }

    public IReadOnlyList<nn.Module> Layers => [.. _layers];

    // tokens: (batch, tokens, hidden); positions: (batch or 1, 2, tokens)
    public Tensor forward(Tensor tokens, Tensor positions, Tensor? mask, KeyValueCache? cache, ScalarType type, Action<Tensor>? observer)
    {
        Tensor sum = tokens + _places.forward(positions.select(1, 0));
        sum = _blockPlaces is null ? sum : sum + _blockPlaces.forward(positions.select(1, 1));
        Tensor hidden = nn.functional.dropout(sum, _dropout, training).to(type);
        hidden = _layers.Run(hidden, new DecoderStep(mask, Rotation: null, Cache: null), cache, observer);
        observer?.Invoke(hidden);
        return _norm.forward(hidden);
    }
}
