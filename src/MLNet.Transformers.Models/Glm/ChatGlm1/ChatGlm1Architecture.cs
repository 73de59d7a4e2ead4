using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>ChatGLM-6B's column of the table architecture × head.</summary>
internal sealed class ChatGlm1Architecture : Architecture<ChatGlm1Config>
{
    private const string Family = "ChatGLM";
    private const string Prefix = "transformer";
    private const string Vocabulary = "lm_head.";

    public override string ModelType => ChatGlm1Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has no heads but the language model's; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{Family}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Vocabulary, DecoderTable.Score, DecoderTable.Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new NextTokenHead(config, ((ChatGlm1Config)config).TiedEmbeddings, placement),
            MayAdd = [Vocabulary], LeavesAside = [DecoderTable.Score, DecoderTable.Span], LabelShift = 1, IgnoresPadding = true, Aliases = Tied,
        },
        DecoderTable.SequenceClassification(Family, Prefix, Vocabulary, DecoderTable.Span),
        DecoderTable.TokenClassification(Family, Prefix, static _ => 0, Vocabulary, DecoderTable.Span),
        DecoderTable.QuestionAnswering(Family, Prefix, Vocabulary, DecoderTable.Score),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: [@"(^|\.)rotary_emb\.inv_freq$"]);

    // ChatGLM2 and later have the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && !json.Has("multi_query_attention") && !json.Has("padded_vocab_size");

    protected override ModelConfig Read(ConfigJson json) => ChatGlm1Config.Read(json);

    protected override Backbone CreateBackbone(ChatGlm1Config config, HeadSpec head, Placement placement) =>
        new ChatGlm1Backbone(config, head.Pooled, placement);

    private static IReadOnlyDictionary<string, string> Tied(ModelConfig config) => ((ChatGlm1Config)config).TiedEmbeddings
        ? new Dictionary<string, string> { ["lm_head.weight"] = "transformer.word_embeddings.weight" }
        : [];
}
