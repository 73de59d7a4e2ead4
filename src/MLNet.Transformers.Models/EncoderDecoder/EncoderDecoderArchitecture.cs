using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>The column of encoder-decoders made of two BERTs: source to target alone (reference: modeling_encoder_decoder.py).</summary>
internal sealed class EncoderDecoderArchitecture : Architecture<EncoderDecoderConfig>
{
    // The first releases gave the decoder a pooler, which nothing reads.
    private const string UnusedPooler = "decoder.bert.pooler.";

    public override string ModelType => EncoderDecoderConfig.Type;

    public override string BasePrefix => "encoder_decoder";

    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.SequenceToSequence, ClassName = "EncoderDecoderModel", Prefix = "", Pooled = false, HidesTargetPadding = true,
            Create = static (config, placement) => new EncoderDecoderHead((EncoderDecoderConfig)config, placement),
            Unused = ["encoder.pooler."], LeavesAside = [.. WarmStart.OtherHeads, UnusedPooler],
            Aliases = static config => BertPredictions.Aliases(
                ((EncoderDecoderConfig)config).Decoder, "decoder.cls.predictions.", "decoder.bert.embeddings.word_embeddings.weight"),
        },
    ];

    public override CheckpointNames Names => BertArchitecture.LegacyNames;

    protected override ModelConfig Read(ConfigJson json) => EncoderDecoderConfig.Read(json);

    protected override FreshWeights Fresh(string name, EncoderDecoderConfig config) => new(config.InitializerRange, Truncated: true);

    protected override Backbone CreateBackbone(EncoderDecoderConfig config, HeadSpec head, Placement placement) => new EncoderDecoderBackbone(config, placement);
}
