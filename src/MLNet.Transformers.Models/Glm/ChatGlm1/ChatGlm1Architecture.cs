using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>ChatGLM-6B's column of the table architecture × head.</summary>
internal sealed class ChatGlm1Architecture : Architecture<ChatGlm1Config>
{
    private const string Family = "ChatGLM";
    private const string Prefix = "transformer";

    public override string ModelType => ChatGlm1Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has no heads but the language model's; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec<ChatGlm1Config>> Heads { get; } =
    [
        DecoderTable.Backbone<ChatGlm1Config>(Family),
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new VocabularyHead("lm_head", config, config.TiedEmbeddings, placement),
            Parts = ["lm_head."], LabelShift = 1, IgnoresPadding = true,
            Aliases = static config => DecoderTable.Tied(config.TiedEmbeddings, "transformer.word_embeddings.weight"),
        },
        DecoderTable.SequenceClassification<ChatGlm1Config>(Family, Prefix),
        DecoderTable.TokenClassification<ChatGlm1Config>(Family, Prefix, static _ => 0),
        DecoderTable.QuestionAnswering<ChatGlm1Config>(Family, Prefix),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: [@"(^|\.)rotary_emb\.inv_freq$"]);

    // ChatGLM2 and later have the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && !json.Has("multi_query_attention") && !json.Has("padded_vocab_size");

    protected override ModelConfig Defaults => new ChatGlm1Config();

    protected override Backbone CreateBackbone(ChatGlm1Config config, HeadSpec head, Placement placement) =>
        new ChatGlm1Backbone(config, head.Pooled, placement);
}
