using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>The 2022 GLM's column of the table architecture × head.</summary>
internal sealed class Glm2022Architecture : Architecture<Glm2022Config>
{
    private const string Family = "GLM";
    private const string Prefix = "glm";
    private const string Dense = "dense.";
    private const string Output = "out_proj.";

    public override string ModelType => Glm2022Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has neither token classification nor question answering; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{Family}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Dense, Output, DecoderTable.Score, DecoderTable.Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new NextTokenHead(config, tied: true, placement),
            LeavesAside = [Dense, Output, DecoderTable.Score, DecoderTable.Span], IgnoresPadding = true,
        },
        new()
        {
            Kind = HeadKind.MultipleChoice, ClassName = $"{Family}ForMultipleChoice", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new NextTokenHead(config, tied: true, placement),
            LeavesAside = [Dense, Output, DecoderTable.Score, DecoderTable.Span],
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{Family}ForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new Glm2022Classifier((Glm2022Config)config, placement),
            LabelRows = ["out_proj.weight", "out_proj.bias"], MayAdd = [Dense, Output], LeavesAside = [DecoderTable.Score, DecoderTable.Span],
        },
        DecoderTable.TokenClassification(Family, Prefix, static config => ((Glm2022Config)config).HeadDropout, Dense, Output, DecoderTable.Span),
        DecoderTable.QuestionAnswering(Family, Prefix, Dense, Output, DecoderTable.Score),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: []);

    // GLM-4 has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && (json.Has("max_sequence_length") || json.Has("block_position_encoding"));

    protected override ModelConfig Read(ConfigJson json) => Glm2022Config.Read(json);

    protected override Backbone CreateBackbone(Glm2022Config config, HeadSpec head, Placement placement) => new Glm2022Backbone(config, head, placement);
}
