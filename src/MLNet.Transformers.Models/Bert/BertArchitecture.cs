using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT's column of the table architecture × head (reference: modeling_bert.py).</summary>
internal sealed class BertArchitecture : Architecture<BertConfig>
{
    private const string Pooler = "bert.pooler.";
    private const string Classifier = "classifier.";
    private const string Span = "qa_outputs.";
    private const string Predictions = "cls.predictions.";
    private const string NextSentence = "cls.seq_relationship.";

    public override string ModelType => BertConfig.Type;

    public override string BasePrefix => "bert";

    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "BertModel", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Classifier, Span, Predictions, NextSentence],
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "BertForSequenceClassification", Prefix = "bert", Pooled = true,
            Create = static (config, placement) => new BertClassifier((BertConfig)config, placement),
            LabelRows = ["classifier.weight", "classifier.bias"], MayAdd = [Classifier, Pooler],
            LeavesAside = [Span, Predictions, NextSentence],
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = "BertForTokenClassification", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => new TokenClassifier(config, ((BertConfig)config).HeadDropout, placement),
            LabelRows = ["classifier.weight", "classifier.bias"], MayAdd = [Classifier],
            LeavesAside = [Pooler, Span, Predictions, NextSentence],
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "BertForQuestionAnswering", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => new SpanHead(config, placement),
            MayAdd = [Span], LeavesAside = [Pooler, Classifier, Predictions, NextSentence],
        },
        new()
        {
            Kind = HeadKind.MaskedLanguageModel, ClassName = "BertForMaskedLM", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => new BertPretrainingHead((BertConfig)config, nextSentence: false, placement),
            MayAdd = [Predictions], LeavesAside = [Pooler, Classifier, Span, NextSentence], Aliases = TiedPredictions,
        },
        new()
        {
            Kind = HeadKind.Pretraining, ClassName = "BertForPreTraining", Prefix = "bert", Pooled = true,
            Create = static (config, placement) => new BertPretrainingHead((BertConfig)config, nextSentence: true, placement),
            MayAdd = [Predictions, NextSentence, Pooler], LeavesAside = [Classifier, Span], Aliases = TiedPredictions,
        },
    ];

    public override CheckpointNames Names => LegacyNames;

    // gamma and beta: the TensorFlow names of the first release. position_ids: a buffer that older releases saved.
    public static CheckpointNames LegacyNames { get; } = new(
        Renames: [(@"\.gamma$", ".weight"), (@"\.beta$", ".bias")],
        Buffers: [@"(^|\.)embeddings\.position_ids$", @"(^|\.)embeddings\.token_type_ids$"]);

    protected override ModelConfig Read(ConfigJson json) => BertConfig.Read(json, new BertConfig());

    // google-research/bert modeling.py, create_initializer.
    protected override FreshWeights Fresh(string name, BertConfig config) => new(config.InitializerRange, Truncated: true);

    protected override Backbone CreateBackbone(BertConfig config, HeadSpec head, Placement placement) => new BertBackbone(config, head.Pooled, placement);

    private static Dictionary<string, string> TiedPredictions(ModelConfig config) =>
        BertPredictions.Aliases((BertConfig)config, "cls.predictions.", "bert.embeddings.word_embeddings.weight");
}
