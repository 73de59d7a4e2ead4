using MLNet.Transformers.Models.Heads;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>The column of the table architecture × head that LLaMA and the networks built like it share.</summary>
internal static class DecoderTable
{
    /// <summary>What the backbone's tensors are prefixed with.</summary>
    public const string Prefix = "model";

    /// <summary>What the names of a token classifier's parameters begin with.</summary>
    public const string Score = "score.";

    /// <summary>What the names of a question answering head's parameters begin with.</summary>
    public const string Span = "qa_outputs.";

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
            Create = static (config, placement) => new NextTokenHead(config, ((DecoderConfig)config).TiedEmbeddings, placement),
            MayAdd = [Vocabulary], LeavesAside = [Score, Span], LabelShift = 1, Aliases = Tied,
        },
        SequenceClassification(family, Prefix, Vocabulary, Span),
        TokenClassification(family, Prefix, static config => ((DecoderConfig)config).ClassifierDropout, Vocabulary, Span),
        QuestionAnswering(family, spanPrefix, Vocabulary, Score),
    ];

    /// <summary>The row of a classifier on the last token.</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    /// <param name="leavesAside">As <see cref="HeadSpec.LeavesAside"/>.</param>
    public static HeadSpec SequenceClassification(string family, string prefix, params string[] leavesAside) => new()
    {
        Kind = HeadKind.SequenceClassification, ClassName = $"{family}ForSequenceClassification", Prefix = prefix, Pooled = true,
        Create = static (config, placement) => new LastTokenClassifier(config, placement),
        // A classifier of tokens has a bias besides.
        LabelRows = ["score.weight"], MayAdd = [Score], LeavesAside = [.. leavesAside, Score],
    };

    /// <summary>The row of a classifier on every token.</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    /// <param name="dropout">Dropout before it in training.</param>
    /// <param name="leavesAside">As <see cref="HeadSpec.LeavesAside"/>.</param>
    public static HeadSpec TokenClassification(string family, string prefix, Func<ModelConfig, double> dropout, params string[] leavesAside) => new()
    {
        Kind = HeadKind.TokenClassification, ClassName = $"{family}ForTokenClassification", Prefix = prefix, Pooled = false,
        Create = (config, placement) => new EachTokenClassifier(config, dropout(config), placement),
        LabelRows = ["score.weight", "score.bias"], MayAdd = [Score], LeavesAside = leavesAside,
    };

    /// <summary>The row of a question answering head.</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    /// <param name="leavesAside">As <see cref="HeadSpec.LeavesAside"/>.</param>
    public static HeadSpec QuestionAnswering(string family, string prefix, params string[] leavesAside) => new()
    {
        Kind = HeadKind.QuestionAnswering, ClassName = $"{family}ForQuestionAnswering", Prefix = prefix, Pooled = false,
        Create = static (config, placement) => new SpanHead(config, placement),
        MayAdd = [Span], LeavesAside = leavesAside,
    };

    private static IReadOnlyDictionary<string, string> Tied(ModelConfig config) => ((DecoderConfig)config).TiedEmbeddings
        ? new Dictionary<string, string> { ["lm_head.weight"] = "model.embed_tokens.weight" }
        : [];
}
