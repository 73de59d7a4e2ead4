using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

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

    [ComponentName(Name = "transformer.position_embeddings")]
    private readonly Embedding _places;

    [ComponentName(Name = "transformer.block_position_embeddings")]
    private readonly Embedding? _blockPlaces;

    [ComponentName(Name = "transformer.layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "transformer.final_layernorm")]
    private readonly LayerNorm _norm;

    private readonly double _dropout;
    private readonly bool _wholeText;
    private readonly bool _pooled;

    /// <param name="config">The network's config.</param>
    /// <param name="head">The head, which says what a text without a mask is: to read as a whole, or to continue.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public Glm2022Backbone(Glm2022Config config, HeadSpec head, Placement placement)
        : base(nameof(Glm2022Backbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _places = new Embedding(config.PositionRows, config.HiddenSize, placement);
        _blockPlaces = config.HasBlockPositions ? new Embedding(config.PositionRows, config.HiddenSize, placement) : null;
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new Glm2022Layer(config, placement))]);
        _norm = new LayerNorm(config.HiddenSize, Glm2022Config.NormEpsilon, placement);
        _dropout = config.EmbeddingDropout;
        _wholeText = head.Kind is HeadKind.SequenceClassification or HeadKind.TokenClassification or HeadKind.QuestionAnswering;
        _pooled = head.Pooled;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor embedded = Embed(batch.Ids, PositionsOf(batch)).to(ComputeType);
        Tensor hidden = _norm.forward(_layers.Run(embedded, new LayerStep(Mask(batch)), batch));
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
        Tensor inBlank = last.narrow(1, 1, 1).gt(Number(0));
        return last.Plus(cat([inBlank.logical_not(), inBlank], 1));
    }

    // ids: (batch, tokens); positions: (batch or 1, 2, tokens)
    private Tensor Embed(Tensor ids, Tensor positions)
    {
        Tensor sum = _tokens.forward(ids).Plus(_places.forward(positions.select(1, 0)));
        sum = _blockPlaces is null ? sum : sum.Plus(_blockPlaces.forward(positions.select(1, 1)));
        return Dropout.Of(sum, _dropout, training);
    }

    private Tensor? Mask(TokenBatch batch) => _wholeText && (batch.Mask is null || batch.Mask.dim() == 2)
        ? AttentionMask.Bidirectional(batch.Mask)
        : AttentionMask.CausalOrUniform(batch, ComputeType);
}
