namespace MLNet.Transformers.Models.Llama;

/// <summary>The column of the table architecture × head that LLaMA and the networks built like it share.</summary>
internal static class DecoderTable
{
    /// <summary>What the backbone's tensors are prefixed with.</summary>
    public const string Prefix = "model";

    private const string Score = "score.";
    private const string Span = "qa_outputs.";
    private const string Vocabulary = "lm_head.";

    /// <param name="family">What the class names begin with.</param>
    /// <param name="spanPrefix">What the backbone's tensors are prefixed with under a question answering head.</param>
    public static IReadOnlyList<HeadSpec> Heads(string family, string spanPrefix) =>
    [
        new()
        {
            Kind = HeadKind.None, ClassName = $"{family}Model", Prefix = "", Pooled = true,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Vocabulary, Score, Span],
        },
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{family}ForCausalLM", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new NextTokenHead((DecoderConfig)config, placement),
            MayAdd = [Vocabulary], LeavesAside = [Score, Span], LabelShift = 1, Aliases = Tied,
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = $"{family}ForSequenceClassification", Prefix = Prefix, Pooled = true,
            Create = static (config, placement) => new LastTokenClassifier(config, placement),
            LabelRows = ["score.weight"], MayAdd = [Score], LeavesAside = [Vocabulary, Span],
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = $"{family}ForTokenClassification", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new EachTokenClassifier(config, ((DecoderConfig)config).ClassifierDropout, placement),
            LabelRows = ["score.weight", "score.bias"], MayAdd = [Score], LeavesAside = [Vocabulary, Span],
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = $"{family}ForQuestionAnswering", Prefix = spanPrefix, Pooled = false,
            Create = static (config, placement) => new DecoderSpan(config, placement),
            MayAdd = [Span], LeavesAside = [Vocabulary, Score],
        },
    ];

    private static IReadOnlyDictionary<string, string> Tied(ModelConfig config) => ((DecoderConfig)config).TiedEmbeddings
        ? new Dictionary<string, string> { ["lm_head.weight"] = "model.embed_tokens.weight" }
        : [];
}
