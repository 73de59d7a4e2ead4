using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bart;

/// <summary>
/// BART without a head (Lewis et al. 2020; reference: modeling_bart.py, BartModel). Without a target the decoder reads the source, moved to the right. With a
/// source encoder, BART's own encoder reads that one's vectors in place of token vectors (§3.4).
/// </summary>
internal sealed class BartBackbone : Backbone, IEncoderDecoder
{
    [ComponentName(Name = BartArchitecture.SourceEncoder)]
    private readonly BertBackbone? _source;

    [ComponentName(Name = "shared")]
    private readonly Embedding? _shared;

    [ComponentName(Name = "encoder")]
    private readonly BartStack _encoder;

    [ComponentName(Name = "decoder")]
    private readonly BartStack _decoder;

    private readonly BartConfig _config;
    private readonly bool _pooled;

    public BartBackbone(BartConfig config, bool pooled, Placement placement)
        : base(nameof(BartBackbone))
    {
        _source = config.SourceEncoder is { } source ? new BertBackbone(source, pooled: false, readsFirst: false, placement) : null;
        _shared = config.TiedEmbeddings ? BartStack.Tokens(config, placement) : null;
        _encoder = new BartStack(config, BartStackSize.Encoder(config), placement);
        _decoder = new BartStack(config, BartStackSize.Decoder(config), placement);
        (_config, _pooled) = (config, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => (_decoder.TokenTable ?? _shared)!.Weight;

    internal override int CachedLayers => _config.DecoderLayers;

    internal override IReadOnlyList<nn.Module> Stages =>
    [
        .. _source?.Stages ?? [], nn.ModuleList([.. _shared is null ? Array.Empty<nn.Module>() : [_shared], .. _encoder.Embeddings, .. _decoder.Embeddings]),
        .. _encoder.Layers, .. _decoder.Layers,
    ];

    internal override ScalarType ComputeType
    {
        get => base.ComputeType;
        set
        {
            base.ComputeType = value;
            if (_source is not null)
            {
                _source.ComputeType = value;
            }
        }
    }

    internal override VectorNetwork? Vectors(VectorWeights weights) => _decoder.Vectors(
        weights, new VectorWorkspace(_config.HiddenSize, _config.HiddenSize, _config.HiddenSize, _config.DecoderIntermediateSize), _shared);

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor source = Encode(batch);
        Tensor tokens = Decode(batch.Target ?? batch.AsTarget(_config.StartId, _config.PaddingId), source, batch.Mask);
        return new BackboneOutput(tokens, _pooled ? AtEnd(tokens, batch) : null, source);
    }

    public Tensor Encode(TokenBatch source)
    {
        Tensor embedded = _source is null
            ? Embed(_encoder, source)
            : _encoder.EmbedVectors(_source.Encode(source), PositionsOf(source)).to(ComputeType);
        return _encoder.Run(embedded, new LayerStep(AttentionMask.Bidirectional(source.Mask)), source);
    }

    public Tensor Decode(TokenBatch target, Tensor source, Tensor? sourceMask)
    {
        var read = new AttentionSource(source, AttentionMask.Bidirectional(sourceMask));
        return _decoder.Run(Embed(_decoder, target), new LayerStep(AttentionMask.Causal(target), read), target);
    }

    // The decoder's vector at the last end token of each row, or, where a row was cut and has none, at its last token: 0 in padding, 1 and more at
    // tokens, more still at ends; the largest is the place.
    private Tensor AtEnd(Tensor tokens, TokenBatch batch)
    {
        Tensor columns = arange(Number(1), Number(batch.Length + 1), Number(1), ScalarType.Int64, batch.Ids.device);
        Tensor places = columns.Plus(batch.Ids.eq(Number(_config.EndId)) * Number(batch.Length));
        Tensor seen = batch.Ids.ne(Number(_config.PaddingId));
        seen = batch.Mask is { } mask && mask.dim() == 2 ? seen.logical_and(mask.ne(Number(0))) : seen;
        return Pooling.At(tokens, (places * seen).argmax(1));
    }

    private Tensor Embed(BartStack stack, TokenBatch batch) => stack.Embed(batch.Ids, PositionsOf(batch), _shared).to(ComputeType);
}
