namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>The config.json of the GLM of 2022; defaults are those of its code (source: THUDM's configuration_glm.py).</summary>
public sealed record Glm2022Config : ModelConfig
{
    internal const string Type = "glm";

    // Not in config.json: the default of the reference's GLMStack.
    internal const double NormEpsilon = 1e-5;

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 30592;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 1024;

    /// <summary>Number of layers (<c>num_layers</c>).</summary>
    public int Layers { get; init; } = 24;

    /// <summary>Attention heads of a layer, a divisor of <see cref="HiddenSize"/> (<c>num_attention_heads</c>).</summary>
    public int Heads { get; init; } = 16;

    /// <summary>Highest position; a network with block positions has one more (<c>max_sequence_length</c>).</summary>
    public int MaxPositions { get; init; } = 512;

    /// <summary>Whether tokens that fill a blank are counted in a second row of positions (<c>block_position_encoding</c>).</summary>
    public bool HasBlockPositions { get; init; } = true;

    /// <summary>Dropout after the embeddings in training, 0 to 1 (<c>embedding_dropout_prob</c>).</summary>
    public double EmbeddingDropout { get; init; } = 0.1;

    /// <summary>Dropout of attention weights in training, 0 to 1 (<c>attention_dropout_prob</c>).</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Dropout of what attention and feed-forward part give in training, 0 to 1 (<c>output_dropout_prob</c>).</summary>
    public double OutputDropout { get; init; } = 0.1;

    /// <summary>Dropout around a classification head in training, 0 to 1 (<c>classifier_dropout</c>); null: as <see cref="OutputDropout"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    internal int PositionRows => HasBlockPositions ? MaxPositions + 1 : MaxPositions;

    internal double HeadDropout => ClassifierDropout ?? OutputDropout;

    internal override double Parameters => HiddenSize * (VocabularySize + (2.0 * MaxPositions) + (12.0 * Layers * HiddenSize));

    private protected override Glm2022Config Exchange(ConfigKeys keys)
    {
        keys.Only("relative_encoding", false, "relative positions of GLM are not supported");
        keys.Only("pool_token", "cls", "other tokens to classify by are not supported");
        return this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("hidden_size", HiddenSize),
            Layers = keys.Layers("num_layers", Layers),
            Heads = keys.Divisor("num_attention_heads", Heads, of: "hidden_size"),
            MaxPositions = keys.Size("max_sequence_length", MaxPositions),
            HasBlockPositions = keys.Flag("block_position_encoding", HasBlockPositions),
            EmbeddingDropout = keys.Share("embedding_dropout_prob", EmbeddingDropout),
            AttentionDropout = keys.Share("attention_dropout_prob", AttentionDropout),
            OutputDropout = keys.Share("output_dropout_prob", OutputDropout),
            ClassifierDropout = keys.ShareOrNull("classifier_dropout", ClassifierDropout),
            PaddingId = keys.Id("pad_token_id", PaddingId),
            InitializerRange = keys.Number("initializer_range", InitializerRange),
        };
    }
}
