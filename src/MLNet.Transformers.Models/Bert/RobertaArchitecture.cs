using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bert;

/// <summary>The column of RoBERTa (Liu et al. 2019; reference: modeling_roberta.py) and of XLM-RoBERTa: BERT's encoder, its own positions and heads.</summary>
/// <param name="modelType">What config.json says.</param>
/// <param name="classes">What the reference's class names begin with.</param>
internal sealed class RobertaArchitecture(string modelType, string classes) : Architecture<RobertaConfig>
{
    private const string Pooler = "roberta.pooler.";
    private const string Classifier = "classifier.";
    private const string Span = "qa_outputs.";
    private const string Predictions = "lm_head.";

    public override string ModelType => modelType;

    public override string BasePrefix => "roberta";

    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{classes}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Classifier, Span, Predictions],
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{classes}ForSequenceClassification", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => new RobertaClassifier((BertConfig)config, placement),
            LabelRows = ["classifier.out_proj.weight", "classifier.out_proj.bias"], MayAdd = [Classifier],
            LeavesAside = [Pooler, "classifier.weight", "classifier.bias", Span, Predictions],
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = $"{classes}ForTokenClassification", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => new TokenClassifier(config, ((BertConfig)config).HeadDropout, placement),
            LabelRows = ["classifier.weight", "classifier.bias"], MayAdd = [Classifier],
            LeavesAside = [Pooler, "classifier.dense.", "classifier.out_proj.", Span, Predictions],
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = $"{classes}ForQuestionAnswering", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => new SpanHead(config, placement),
            MayAdd = [Span], LeavesAside = [Pooler, Classifier, Predictions],
        },
        new()
        {
            Kind = HeadKind.MaskedLanguageModel, ClassName = $"{classes}ForMaskedLM", Prefix = "roberta", Pooled = false,
            Create = static (config, placement) => new RobertaLanguageModel((BertConfig)config, placement),
            MayAdd = [Predictions], LeavesAside = [Pooler, Classifier, Span],
            Aliases = static config => BertPredictions.Aliases((BertConfig)config, Predictions, "roberta.embeddings.word_embeddings.weight"),
        },
    ];

    public override CheckpointNames Names => BertArchitecture.LegacyNames;

    protected override ModelConfig Read(ConfigJson json) => RobertaConfig.Read(json, ModelType);

    protected override Backbone CreateBackbone(RobertaConfig config, HeadSpec head, Placement placement) => new BertBackbone(config, head.Pooled, placement);
}
