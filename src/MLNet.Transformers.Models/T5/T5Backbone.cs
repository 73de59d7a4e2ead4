using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.T5;

/// <summary>
/// T5 without a head (Raffel et al. 2020; reference: modeling_t5.py, T5Model). Distances between tokens are counted in columns, which padding on
/// either side does not change; <see cref="TokenBatch.Positions"/> have no part in it.
/// </summary>
internal sealed class T5Backbone : Backbone, IEncoderDecoder
{
    [ComponentName(Name = "shared")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "encoder")]
    private readonly T5Stack _encoder;

    [ComponentName(Name = "decoder")]
    private readonly T5Stack _decoder;

    private readonly T5Config _config;
    private readonly bool _pooled;

    public T5Backbone(T5Config config, bool pooled, Placement placement)
        : base(nameof(T5Backbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _encoder = new T5Stack(config, decoder: false, placement);
        _decoder = new T5Stack(config, decoder: true, placement);
        (_config, _pooled) = (config, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _decoder.Layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _encoder.Layers, .. _decoder.Layers];

    public Tensor Encode(TokenBatch source) => _encoder.Run(Embed(source), AttentionMask.Bidirectional(source.Mask), source: null, source);

    public Tensor Decode(TokenBatch target, Tensor source, Tensor? sourceMask) => _decoder.Run(
        Embed(target), AttentionMask.Causal(target), new AttentionSource(source, AttentionMask.Bidirectional(sourceMask)), target);

    internal override VectorNetwork? Vectors(VectorWeights weights)
    {
        var work = new VectorWorkspace(_config.HiddenSize, _config.InnerSize, _config.InnerSize, _config.IntermediateSize);
        WeightMatrix tokens = weights.Table(_tokens.Weight);
        return _decoder.Vectors(weights, work, (token, _, vector) => tokens.CopyRow(token, work.Hidden.Values(vector)));
    }

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor source = Encode(batch);
        TokenBatch target = batch.Target ?? batch.AsTarget(_config.DecoderStartId!.Value, _config.PaddingId);
        Tensor tokens = Decode(target, source, batch.Mask);
        return new BackboneOutput(tokens, _pooled ? AtEnd(tokens, batch) : null, source);
    }

    private Tensor Embed(TokenBatch batch) => _tokens.forward(batch.Ids).to(ComputeType);

    // Of each row the vector in the column of its last end token.
    private Tensor AtEnd(Tensor tokens, TokenBatch batch)
    {
        if (_config.EndId is not { } end)
        {
            throw new InvalidOperationException("T5's vector of a sequence is that of its end token: config.json must name one as 'eos_token_id'.");
        }
        Tensor ends = batch.Ids.eq(Number(end));
        ends = batch.Mask is { } mask && mask.dim() == 2 ? ends.logical_and(mask.ne(Number(0))) : ends;
        if (!ends.any(1).all().item<bool>())
        {
            throw new ArgumentException($"T5's vector of a sequence is that of its end token, but a row has none: 'eos_token_id' is {end}.", nameof(batch));
        }
        return Pooling.At(tokens, ends.cumsum(1).argmax(1));
    }
}

/// <summary>T5's encoder alone (reference: modeling_t5.py, T5EncoderModel).</summary>
internal sealed class T5EncoderBackbone : Backbone
{
    [ComponentName(Name = "shared")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "encoder")]
    private readonly T5Stack _encoder;

    public T5EncoderBackbone(T5Config config, Placement placement)
        : base(nameof(T5EncoderBackbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _encoder = new T5Stack(config, decoder: false, placement);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _encoder.Layers];

    public override BackboneOutput forward(TokenBatch batch) => new(
        _encoder.Run(_tokens.forward(batch.Ids).to(ComputeType), AttentionMask.Bidirectional(batch.Mask), source: null, batch));
}
