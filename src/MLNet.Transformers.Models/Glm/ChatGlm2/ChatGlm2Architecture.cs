using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2's and ChatGLM3's column of the table architecture × head, and that of GLM-4 as THUDM publishes it.</summary>
internal sealed class ChatGlm2Architecture : Architecture<ChatGlm2Config>
{
    private const string Family = "ChatGLM";
    private const string Prefix = "transformer";
    private const string Vocabulary = "transformer.output_layer.";
    private const string Classifier = "classifier_head.";

    public override string ModelType => ChatGlm2Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has neither token classification nor question answering; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{Family}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = ["output_layer.", Classifier, DecoderTable.Score, DecoderTable.Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new ChatGlm2NextToken((ChatGlm2Config)config, placement),
            MayAdd = [Vocabulary], LeavesAside = [Classifier, DecoderTable.Score, DecoderTable.Span], LabelShift = 1, IgnoresPadding = true,
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{Family}ForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new ChatGlm2Classifier((ChatGlm2Config)config, placement),
            LabelRows = ["classifier_head.weight", "classifier_head.bias"], MayAdd = [Classifier], LeavesAside = [Vocabulary, DecoderTable.Score, DecoderTable.Span],
        },
        DecoderTable.TokenClassification(Family, Prefix, static config => ((ChatGlm2Config)config).ClassifierDropout, Vocabulary, Classifier, DecoderTable.Span),
        DecoderTable.QuestionAnswering(Family, Prefix, Vocabulary, Classifier, DecoderTable.Score),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: [@"(^|\.)rotary_pos_emb\.inv_freq$"]);

    // ChatGLM-6B has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && (json.Has("multi_query_attention") || json.Has("padded_vocab_size"));

    protected override ModelConfig Read(ConfigJson json) => ChatGlm2Config.Read(json);

    protected override Backbone CreateBackbone(ChatGlm2Config config, HeadSpec head, Placement placement) =>
        new ChatGlm2Backbone(config, head.Pooled, placement);
}
