using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>Two BERTs, of which the second reads the first by cross-attention (Rothe et al. 2020; reference: modeling_encoder_decoder.py).</summary>
internal sealed class EncoderDecoderBackbone : Backbone, IEncoderDecoder
{
    [ComponentName(Name = "encoder")]
    private readonly BertBackbone _encoder;

    // The reference's decoder is a class with a head: what is below it has one name more.
    [ComponentName(Name = "decoder.bert")]
    private readonly BertBackbone _decoder;

    [ComponentName(Name = "enc_to_dec_proj")]
    private readonly Linear? _projection;

    private readonly EncoderDecoderConfig _config;

    public EncoderDecoderBackbone(EncoderDecoderConfig config, Placement placement)
        : base(nameof(EncoderDecoderBackbone))
    {
        _encoder = new BertBackbone(config.Encoder, pooled: true, readsFirst: false, placement);
        _decoder = BertBackbone.Decoder(config.Decoder, placement);
        _projection = config.Encoder.HiddenSize == config.Decoder.HiddenSize
            ? null
            : new Linear(config.Encoder.HiddenSize, config.Decoder.HiddenSize, placement);
        _config = config;
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _decoder.TokenEmbedding;

    internal override int CachedLayers => _config.Decoder.Layers;

    internal override IReadOnlyList<nn.Module> Stages =>
    [
        nn.ModuleList(_encoder.Stages[0], _decoder.Stages[0]), .. _encoder.Stages.Skip(1), .. _decoder.Stages.Skip(1),
    ];

    internal override ScalarType ComputeType
    {
        get => _encoder.ComputeType;
        set => (_encoder.ComputeType, _decoder.ComputeType) = (value, value);
    }

    public override BackboneOutput forward(TokenBatch batch)
    {
        TokenBatch target = batch.Target ?? throw new ArgumentException("An encoder-decoder made of two BERTs needs a target for its decoder.", nameof(batch));
        Tensor source = _encoder.Encode(batch);
        return new BackboneOutput(Decode(target, Project(source), batch.Mask), SourceTokens: source);
    }

    /// <summary>The encoder's vectors in the decoder's width.</summary>
    public Tensor Encode(TokenBatch source) => Project(_encoder.Encode(source));

    public Tensor Decode(TokenBatch target, Tensor source, Tensor? sourceMask) =>
        _decoder.Decode(target, new AttentionSource(source, AttentionMask.Bidirectional(sourceMask)));

    private Tensor Project(Tensor source) => _projection?.forward(source) ?? source;
}
