using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm;

/// <summary>ChatGLM2's and ChatGLM3's column of the table architecture × head, and that of GLM-4 as THUDM publishes it.</summary>
internal sealed class ChatGlm2Architecture : Architecture<ChatGlm2Config>
{
    private const string Prefix = "transformer";
    private const string Vocabulary = "transformer.output_layer.";
    private const string Classifier = "classifier_head.";
    private const string Score = "score.";
    private const string Span = "qa_outputs.";

    public override string ModelType => ChatGlm2Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has neither token classification nor question answering; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "ChatGLMModel", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = ["output_layer.", Classifier, Score, Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = "ChatGLMForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new ChatGlm2NextToken((ChatGlm2Config)config, placement),
            MayAdd = [Vocabulary], LeavesAside = [Classifier, Score, Span], LabelShift = 1, IgnoresPadding = true,
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "ChatGLMForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new ChatGlm2Classifier((ChatGlm2Config)config, placement),
            LabelRows = ["classifier_head.weight", "classifier_head.bias"], MayAdd = [Classifier], LeavesAside = [Vocabulary, Score, Span],
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = "ChatGLMForTokenClassification", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new EachTokenClassifier(config, ((ChatGlm2Config)config).ClassifierDropout, placement),
            LabelRows = ["score.weight", "score.bias"], MayAdd = [Score], LeavesAside = [Vocabulary, Classifier, Span],
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "ChatGLMForQuestionAnswering", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new DecoderSpan(config, placement),
            MayAdd = [Span], LeavesAside = [Vocabulary, Classifier, Score],
        },
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: [@"(^|\.)rotary_pos_emb\.inv_freq$"]);

    // ChatGLM-6B has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && (json.Has("multi_query_attention") || json.Has("padded_vocab_size"));

    public override ModelConfig ReadConfig(ConfigJson json) => ChatGlm2Config.Read(json);

    protected override Backbone CreateBackbone(ChatGlm2Config config, HeadSpec head, Placement placement) =>
        new ChatGlm2Backbone(config, head.Pooled, placement);
}
