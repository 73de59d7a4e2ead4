using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bert;

/// <summary>The column of RoBERTa (Liu et al. 2019; reference: modeling_roberta.py) and of XLM-RoBERTa: BERT's encoder, its own positions and heads.</summary>
/// <param name="modelType">What config.json says.</param>
/// <param name="classes">What the reference's class names begin with.</param>
internal sealed class RobertaArchitecture(string modelType, string classes) : Architecture<RobertaConfig>
{
    private const string Predictions = "lm_head.";

    public override string ModelType => modelType;

    public override string BasePrefix => "roberta";

    public override IReadOnlyList<HeadSpec<RobertaConfig>> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{classes}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
        },
        new()
        {
            Kind = HeadKind.Encoder, ClassName = $"{classes}Model", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(pooled: false),
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{classes}ForSequenceClassification", Prefix = "roberta", Pooled = false, ReadsFirst = true,
            Create = static (config, placement) => new DeepLabelHead("classifier.", config, config.HeadDropout, placement),
            Parts = ["classifier.dense.", "classifier.out_proj."], LabelLayer = "classifier.out_proj",
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = $"{classes}ForTokenClassification", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => LabelHead.OfTokens("classifier", config, config.HeadDropout, placement),
            Parts = ["classifier.weight", "classifier.bias"], LabelLayer = "classifier",
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = $"{classes}ForQuestionAnswering", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => LabelHead.OfSpan(config, placement),
            Parts = ["qa_outputs."],
        },
        new()
        {
            Kind = HeadKind.MaskedLanguageModel, ClassName = $"{classes}ForMaskedLM", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => BertPredictions.OfRoberta(Predictions, config, placement),
            Parts = [Predictions],
            Aliases = static config => BertPredictions.Aliases(config, Predictions, "roberta.embeddings.word_embeddings.weight"),
        },
    ];

    public override CheckpointNames Names => BertArchitecture.LegacyNames;

    protected override string Pooler => "pooler.";

    protected override ModelConfig Defaults => ModelType == RobertaConfig.MultilingualType
        ? new RobertaConfig { Name = ModelType, VocabularySize = 30522 }
        : new RobertaConfig();

    protected override Backbone CreateBackbone(RobertaConfig config, HeadSpec head, Placement placement) => new BertBackbone(config, head.Pooled, head.ReadsFirst, placement);
}
