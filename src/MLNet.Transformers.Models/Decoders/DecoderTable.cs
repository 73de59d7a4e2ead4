using MLNet.Transformers.Models.Heads;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>The column of the table architecture × head that LLaMA and the networks built like it share.</summary>
internal static class DecoderTable
{
    /// <summary>What the backbone's tensors are prefixed with.</summary>
    public const string Prefix = "model";

    /// <param name="family">What the class names begin with.</param>
    /// <param name="spanPrefix">What the backbone's tensors are prefixed with under a question answering head.</param>
    public static IReadOnlyList<HeadSpec<TConfig>> Heads<TConfig>(string family, string spanPrefix)
        where TConfig : DecoderConfig =>
    [
        Backbone<TConfig>(family),
        new()
        {
            Kind = HeadKind.CausalLanguageModel, ClassName = $"{family}ForCausalLM", Prefix = Prefix, Pooled = false,
            Create = static (config, placement) => new VocabularyHead("lm_head", config, config.TiedEmbeddings, placement),
            Parts = ["lm_head."], LabelShift = 1, Aliases = static config => Tied(config.TiedEmbeddings, "model.embed_tokens.weight"),
        },
        SequenceClassification<TConfig>(family, Prefix),
        TokenClassification<TConfig>(family, Prefix, static config => config.ClassifierDropout),
        QuestionAnswering<TConfig>(family, spanPrefix),
    ];

    /// <summary>The row of a network without a head.</summary>
    /// <param name="family">What the class name begins with.</param>
    public static HeadSpec<TConfig> Backbone<TConfig>(string family)
        where TConfig : ModelConfig => new()
    {
        Kind = HeadKind.None, ClassName = $"{family}Model", Prefix = "", Pooled = true, Create = static (_, _) => new NoHead(),
    };

    /// <summary>The row of a classifier on the last token (reference: modeling_layers.py, GenericForSequenceClassification).</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    public static HeadSpec<TConfig> SequenceClassification<TConfig>(string family, string prefix)
        where TConfig : ModelConfig => new()
    {
        Kind = HeadKind.SequenceClassification, ClassName = $"{family}ForSequenceClassification", Prefix = prefix, Pooled = true,
        Create = static (config, placement) => LabelHead.OfSequence("score", config, dropout: 0, placement, bias: false),
        Parts = ["score.weight"], LabelLayer = "score",
    };

    /// <summary>The row of a classifier on every token (reference: modeling_layers.py, GenericForTokenClassification).</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    /// <param name="dropout">Dropout before it in training.</param>
    public static HeadSpec<TConfig> TokenClassification<TConfig>(string family, string prefix, Func<TConfig, double> dropout)
        where TConfig : ModelConfig => new()
    {
        Kind = HeadKind.TokenClassification, ClassName = $"{family}ForTokenClassification", Prefix = prefix, Pooled = false,
        Create = (config, placement) => LabelHead.OfTokens("score", config, dropout(config), placement),
        Parts = ["score.weight", "score.bias"], LabelLayer = "score",
    };

    /// <summary>The row of a question answering head.</summary>
    /// <param name="family">What the class name begins with.</param>
    /// <param name="prefix">What the backbone's tensors are prefixed with.</param>
    public static HeadSpec<TConfig> QuestionAnswering<TConfig>(string family, string prefix)
        where TConfig : ModelConfig => new()
    {
        Kind = HeadKind.QuestionAnswering, ClassName = $"{family}ForQuestionAnswering", Prefix = prefix, Pooled = false,
        Create = static (config, placement) => LabelHead.OfSpan(config, placement),
        Parts = ["qa_outputs."],
    };

    /// <summary>The second name of a token embedding that language-model heads share.</summary>
    /// <param name="tied">Whether they do.</param>
    /// <param name="embedding">The embedding's own name.</param>
    public static IReadOnlyDictionary<string, string> Tied(bool tied, string embedding) =>
        tied ? new Dictionary<string, string> { ["lm_head.weight"] = embedding } : new Dictionary<string, string>();
}
