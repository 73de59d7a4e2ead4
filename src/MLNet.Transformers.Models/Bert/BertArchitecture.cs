using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT's column of the table architecture × head (reference: modeling_bert.py).</summary>
internal sealed class BertArchitecture : Architecture<BertConfig>
{
    private const string Predictions = "cls.predictions.";

    public override string ModelType => BertConfig.Type;

    public override string BasePrefix => "bert";

    public override IReadOnlyList<HeadSpec<BertConfig>> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "BertModel", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
        },
        new()
        {
            Kind = HeadKind.Encoder, ClassName = "BertModel", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(pooled: false),
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "BertForSequenceClassification", Prefix = "bert", Pooled = true, ReadsFirst = true,
            Create = static (config, placement) => LabelHead.OfSequence("classifier", config, config.HeadDropout, placement),
            Parts = ["classifier."], LabelLayer = "classifier",
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = "BertForTokenClassification", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => LabelHead.OfTokens("classifier", config, config.HeadDropout, placement),
            Parts = ["classifier."], LabelLayer = "classifier",
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "BertForQuestionAnswering", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => LabelHead.OfSpan(config, placement),
            Parts = ["qa_outputs."],
        },
        new()
        {
            Kind = HeadKind.MaskedLanguageModel, ClassName = "BertForMaskedLM", Prefix = "bert", Pooled = false,
            Create = static (config, placement) => BertPredictions.OfBert(Predictions, config, placement),
            Parts = [Predictions], Aliases = TiedPredictions,
        },
        new()
        {
            Kind = HeadKind.Pretraining, ClassName = "BertForPreTraining", Prefix = "bert", Pooled = true,
            Create = static (config, placement) => BertPredictions.OfBert(Predictions, config, placement, "cls.seq_relationship"),
            Parts = [Predictions, "cls.seq_relationship."], Aliases = TiedPredictions,
        },
    ];

    public override CheckpointNames Names => LegacyNames;

    protected override string Pooler => "pooler.";

    // gamma and beta: the TensorFlow names of the first release. position_ids: a buffer that older releases saved.
    public static CheckpointNames LegacyNames { get; } = new(
        Renames: [(@"\.gamma$", ".weight"), (@"\.beta$", ".bias")],
        Ignored: [@"(^|\.)embeddings\.position_ids$", @"(^|\.)embeddings\.token_type_ids$"]);

    protected override ModelConfig Defaults => new BertConfig();

    // google-research/bert modeling.py, create_initializer.
    protected override FreshWeights Fresh(string name, BertConfig config) => new(config.InitializerRange);

    protected override Backbone CreateBackbone(BertConfig config, HeadSpec head, Placement placement) => new BertBackbone(config, head.Pooled, head.ReadsFirst, placement);

    private static Dictionary<string, string> TiedPredictions(BertConfig config) =>
        BertPredictions.Aliases(config, Predictions, "bert.embeddings.word_embeddings.weight");
}
