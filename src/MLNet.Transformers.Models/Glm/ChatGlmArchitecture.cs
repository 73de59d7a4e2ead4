using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>ChatGLM-6B's column of the table architecture × head.</summary>
internal sealed class ChatGlmArchitecture : Architecture<ChatGlmConfig>
{
    private const string Prefix = "transformer";
    private const string Vocabulary = "lm_head.";
    private const string Score = "score.";
    private const string Span = "qa_outputs.";

    public override string ModelType => ChatGlmConfig.Type;

    public override string BasePrefix => Prefix;

    // The reference has no heads but the language model's; names are as in Transformers' networks.
    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "ChatGLMModel", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Vocabulary, Score, Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = "ChatGLMForConditionalGeneration", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new ChatGlmLanguage((ChatGlmConfig)config, placement),
            MayAdd = [Vocabulary], LeavesAside = [Score, Span], LabelShift = 1, IgnoresPadding = true,
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "ChatGLMForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new LastTokenClassifier(config, placement),
            LabelRows = ["score.weight"], MayAdd = [Score], LeavesAside = [Vocabulary, Span],
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = "ChatGLMForTokenClassification", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new EachTokenClassifier(config, dropout: 0, placement),
            LabelRows = ["score.weight", "score.bias"], MayAdd = [Score], LeavesAside = [Vocabulary, Span],
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "ChatGLMForQuestionAnswering", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new DecoderSpan(config, placement),
            MayAdd = [Span], LeavesAside = [Vocabulary, Score],
        },
    ];

    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: [@"(^|\.)rotary_emb\.inv_freq$"]);

    // ChatGLM2 and later have the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && !json.Has("multi_query_attention") && !json.Has("padded_vocab_size");

    public override ModelConfig ReadConfig(ConfigJson json) => ChatGlmConfig.Read(json);

    protected override Backbone CreateBackbone(ChatGlmConfig config, HeadSpec head, Placement placement) =>
        new ChatGlmBackbone(config, head.Pooled, placement);
}

/// <summary>Scores over the vocabulary for the token that follows each token.</summary>
internal sealed class ChatGlmLanguage : Head
{
    [ComponentName(Name = "lm_head")]
    private readonly Linear _scores;

    public ChatGlmLanguage(ChatGlmConfig config, Placement placement)
        : base(nameof(ChatGlmLanguage))
    {
        _scores = new Linear(config.HiddenSize, config.VocabularySize, placement, bias: false);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_scores.forward(states.Tokens));
}
