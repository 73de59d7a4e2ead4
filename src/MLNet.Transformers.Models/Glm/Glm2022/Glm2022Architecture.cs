using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>The 2022 GLM's column of the table architecture × head.</summary>
internal sealed class Glm2022Architecture : Architecture<Glm2022Config>
{
    private const string Family = "GLM";
    private const string Prefix = "glm";

    public override string ModelType => Glm2022Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has neither token classification nor question answering; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec<Glm2022Config>> Heads { get; } =
    [
        DecoderTable.Backbone<Glm2022Config>(Family),
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new VocabularyHead("lm_head", config, tied: true, placement), IgnoresPadding = true,
            Blank = new BlankNames(["[MASK]", "[sMASK]", "[gMASK]"], "<|startofpiece|>", "<|endofpiece|>"),
        },
        new()
        {
            Kind = HeadKind.MultipleChoice, ClassName = $"{Family}ForMultipleChoice", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new VocabularyHead("lm_head", config, tied: true, placement),
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{Family}ForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new DeepLabelHead("", config, config.HeadDropout, placement),
            Parts = ["dense.", "out_proj."], LabelLayer = "out_proj",
        },
        DecoderTable.TokenClassification<Glm2022Config>(Family, Prefix, static config => config.HeadDropout),
        DecoderTable.QuestionAnswering<Glm2022Config>(Family, Prefix),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: []);

    // GLM-4 has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && (json.Has("max_sequence_length") || json.Has("block_position_encoding"));

    protected override ModelConfig Defaults => new Glm2022Config();

    protected override Backbone CreateBackbone(Glm2022Config config, HeadSpec head, Placement placement) => new Glm2022Backbone(config, head, placement);
}
