using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>
/// The config.json of ChatGLM2, ChatGLM3 and GLM-4 as THUDM publishes them; defaults are those of chatglm3-6b (source: THUDM's
/// configuration_chatglm.py).
/// </summary>
public sealed record ChatGlm2Config : ModelConfig
{
    internal const string Type = "chatglm";

    private const double RotaryBase = 10000;

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    /// <remarks>Here called <c>padded_vocab_size</c>.</remarks>
    public override int VocabularySize { get; init; } = 65024;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 4096;

    /// <summary>Number of layers (<c>num_layers</c>).</summary>
    public int Layers { get; init; } = 28;

    /// <summary>Query heads of a layer (<c>num_attention_heads</c>).</summary>
    public int Heads { get; init; } = 32;

    /// <summary>
    /// Key and value heads, a divisor of <see cref="Heads"/> (<c>multi_query_group_num</c>); null: each query head has its own
    /// (<c>multi_query_attention</c> false), and the fused matrix holds query, key and value of a head side by side.
    /// </summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Width of a head (<c>kv_channels</c>); null: <see cref="ModelConfig.HiddenSize"/> divided by <see cref="Heads"/>.</summary>
    public int? HeadWidth { get; init; } = 128;

    /// <summary>Width inside a layer's feed-forward part (<c>ffn_hidden_size</c>).</summary>
    public int IntermediateSize { get; init; } = 13696;

    /// <summary>Tokens of the longest texts that the network was made for (<c>seq_length</c>).</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Added to the mean of squares, or variance, in normalisation (<c>layernorm_epsilon</c>).</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether normalisation is by the root of the mean of squares, not layer normalisation (<c>rmsnorm</c>).</summary>
    public bool HasRmsNorm { get; init; } = true;

    /// <summary>Whether the last layer is followed by a normalisation (<c>post_layer_norm</c>).</summary>
    public bool HasFinalNorm { get; init; } = true;

    /// <summary>Whether residuals start from what was normalised, not from what came in (<c>apply_residual_connection_post_layernorm</c>).</summary>
    public bool HasNormalizedResidual { get; init; }

    /// <summary>Whether all linear layers have biases (<c>add_bias_linear</c>).</summary>
    public bool LinearBias { get; init; }

    /// <summary>Whether queries, keys and values have biases (<c>add_qkv_bias</c>).</summary>
    public bool AttentionBias { get; init; }

    /// <summary>
    /// What the base of the rotary embeddings' frequencies, 10000, is multiplied by (<c>rope_ratio</c>). ChatGLM2-6B-32K alone divides positions by
    /// it, which nothing in its config says.
    /// </summary>
    public double RotaryRatio { get; init; } = 1;

    /// <summary>Dropout of attention weights in training, 0 to 1 (<c>attention_dropout</c>).</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Dropout of what attention and feed-forward part give in training, 0 to 1 (<c>hidden_dropout</c>).</summary>
    public double HiddenDropout { get; init; }

    /// <summary>Dropout before a classification head in training, 0 to 1 (<c>classifier_dropout</c>).</summary>
    public double ClassifierDropout { get; init; }

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    internal AttentionShape Attention => new(HiddenSize, Heads, KeyValueHeads ?? Heads, HeadWidth ?? (HiddenSize / Heads));

    /// <summary>The first half of each head is turned.</summary>
    internal RotaryEmbedding Rotary => new(RotaryBase * RotaryRatio, Attention.HeadWidth / 2, RotaryPairs.Neighbours, new NoRotaryScaling());

    /// <summary>The frequencies that checkpoints hold beside the weights; the network does not read them.</summary>
    internal float[] StoredFrequencies => new NoRotaryScaling().Frequencies(RotaryBase, Attention.HeadWidth / 2, length: 0);

    internal override double Parameters => HiddenSize * (VocabularySize
        + (Layers * ((2.0 * Heads * Attention.HeadWidth) + (2.0 * Attention.KeyHeads * Attention.HeadWidth) + (3.0 * IntermediateSize))));

    private protected override ChatGlm2Config Exchange(ConfigKeys keys)
    {
        ChatGlm1Additions.Refuse(keys);
        keys.Only("original_rope", true, "other rotary embeddings of ChatGLM are not supported", written: true);
        ChatGlm2Config config = this with
        {
            VocabularySize = keys.Vocabulary("padded_vocab_size", VocabularySize),
            HiddenSize = keys.Size("hidden_size", HiddenSize),
            Layers = keys.Layers("num_layers", Layers),
            Heads = keys.Size("num_attention_heads", Heads),
            KeyValueHeads = keys.Flag("multi_query_attention", KeyValueHeads is not null) ? keys.Divisor("multi_query_group_num", KeyValueHeads ?? 1, of: "num_attention_heads") : null,
            HeadWidth = keys.SizeOrNull("kv_channels", HeadWidth, written: Attention.HeadWidth),
            IntermediateSize = keys.Size("ffn_hidden_size", IntermediateSize),
            MaxPositions = keys.Count("seq_length", MaxPositions),
            NormEpsilon = keys.Number("layernorm_epsilon", NormEpsilon),
            HasRmsNorm = keys.Flag("rmsnorm", HasRmsNorm),
            HasFinalNorm = keys.Flag("post_layer_norm", HasFinalNorm),
            HasNormalizedResidual = keys.Flag("apply_residual_connection_post_layernorm", HasNormalizedResidual),
            LinearBias = keys.Flag("add_bias_linear", LinearBias),
            AttentionBias = keys.Flag("add_qkv_bias", AttentionBias),
            RotaryRatio = keys.Number("rope_ratio", RotaryRatio, double.Epsilon),
            AttentionDropout = keys.Share("attention_dropout", AttentionDropout),
            HiddenDropout = keys.Share("hidden_dropout", HiddenDropout),
            ClassifierDropout = keys.ShareOrNull("classifier_dropout", ClassifierDropout) ?? ClassifierDropout,
            PaddingId = keys.Id("pad_token_id", PaddingId),
            InitializerRange = keys.Number("initializer_range", InitializerRange),
        };
        keys.Require(
            config.HeadWidth is not null || config.HiddenSize % config.Heads == 0, "num_attention_heads",
            $"a divisor of 'hidden_size', which is {config.HiddenSize}, where 'kv_channels' is null");
        keys.Require(config.Attention.HeadWidth >= 2, "kv_channels", "at least 2: half of a head is turned");
        return config;
    }
}
