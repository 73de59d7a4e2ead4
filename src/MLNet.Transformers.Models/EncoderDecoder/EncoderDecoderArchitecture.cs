using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>The column of encoder-decoders made of two BERTs: source to target alone (reference: modeling_encoder_decoder.py).</summary>
internal sealed class EncoderDecoderArchitecture : Architecture<EncoderDecoderConfig>
{
    public override string ModelType => EncoderDecoderConfig.Type;

    public override string BasePrefix => "encoder_decoder";

    public override IReadOnlyList<HeadSpec<EncoderDecoderConfig>> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.SequenceToSequence, ClassName = "EncoderDecoderModel", Prefix = "", Pooled = false, HidesTargetPadding = true,
            Create = static (config, placement) => BertPredictions.OfBert("decoder.cls.predictions.", config.Decoder, placement),
            Parts = ["decoder.cls."], Unused = ["encoder.pooler."],
            Aliases = static config => BertPredictions.Aliases(config.Decoder, "decoder.cls.predictions.", "decoder.bert.embeddings.word_embeddings.weight"),
        },
    ];

    // The first releases gave the decoder a pooler, which nothing reads; the others are BERT's heads that neither half has.
    public override CheckpointNames Names { get; } = BertArchitecture.LegacyNames with
    {
        Ignored = [.. BertArchitecture.LegacyNames.Ignored, @"^decoder\.bert\.pooler\.", @"^(cls\.seq_relationship|classifier|qa_outputs)\."],
    };

    protected override ModelConfig Defaults => new EncoderDecoderConfig();

    protected override FreshWeights Fresh(string name, EncoderDecoderConfig config) => new(config.InitializerRange);

    protected override Backbone CreateBackbone(EncoderDecoderConfig config, HeadSpec head, Placement placement) => new EncoderDecoderBackbone(config, placement);
}
