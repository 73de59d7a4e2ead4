using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2's and ChatGLM3's column of the table architecture × head, and that of GLM-4 as THUDM publishes it.</summary>
internal sealed class ChatGlm2Architecture : Architecture<ChatGlm2Config>
{
    private const string Family = "ChatGLM";
    private const string Prefix = "transformer";

    public override string ModelType => ChatGlm2Config.Type;

    public override string BasePrefix => Prefix;

    // The reference has neither token classification nor question answering; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec<ChatGlm2Config>> Heads { get; } =
    [
        DecoderTable.Backbone<ChatGlm2Config>(Family),
        new()
        {
            // THUDM's class keeps the matrix inside of the backbone.
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{Family}ForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new VocabularyHead("transformer.output_layer", config, tied: false, placement),
            Parts = ["transformer.output_layer."], LabelShift = 1, IgnoresPadding = true,
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{Family}ForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => LabelHead.OfSequence("classifier_head", config, config.ClassifierDropout, placement),
            Parts = ["classifier_head."], LabelLayer = "classifier_head",
        },
        DecoderTable.TokenClassification<ChatGlm2Config>(Family, Prefix, static config => config.ClassifierDropout),
        DecoderTable.QuestionAnswering<ChatGlm2Config>(Family, Prefix),
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: [@"(^|\.)rotary_pos_emb\.inv_freq$"]);

    // ChatGLM-6B has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && (json.Has("multi_query_attention") || json.Has("padded_vocab_size"));

    protected override ModelConfig Defaults => new ChatGlm2Config();

    protected override Backbone CreateBackbone(ChatGlm2Config config, HeadSpec head, Placement placement) =>
        new ChatGlm2Backbone(config, head.Pooled, placement);
}
