using System.Text.Json.Nodes;
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
    public override int PaddingId { get; init; }

    /// <inheritdoc/>
    public override double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal AttentionShape Attention => new(HiddenSize, Heads, KeyValueHeads ?? Heads, HeadWidth ?? (HiddenSize / Heads));

    /// <summary>The first half of each head is turned.</summary>
    internal RotaryEmbedding Rotary => new(RotaryBase * RotaryRatio, Attention.HeadWidth / 2, RotaryPairs.Neighbours, new NoRotaryScaling());

    /// <summary>The frequencies that checkpoints hold beside the weights; the network does not read them.</summary>
    internal float[] StoredFrequencies => new NoRotaryScaling().Frequencies(RotaryBase, Attention.HeadWidth / 2, length: 0);

    internal static ChatGlm2Config Read(ConfigJson json)
    {
        var defaults = new ChatGlm2Config();
        var config = new ChatGlm2Config
        {
            VocabularySize = json.Int("padded_vocab_size", defaults.VocabularySize),
            HiddenSize = json.Int("hidden_size", defaults.HiddenSize),
            Layers = json.Int("num_layers", defaults.Layers),
            Heads = json.Int("num_attention_heads", defaults.Heads),
            KeyValueHeads = json.Bool("multi_query_attention", false) ? json.Int("multi_query_group_num", 1) : null,
            HeadWidth = !json.Json.ContainsKey("kv_channels") ? defaults.HeadWidth : json.Has("kv_channels") ? json.Int("kv_channels", 0) : null,
            IntermediateSize = json.Int("ffn_hidden_size", defaults.IntermediateSize),
            MaxPositions = json.Int("seq_length", defaults.MaxPositions),
            NormEpsilon = json.Number("layernorm_epsilon", defaults.NormEpsilon, 0),
            HasRmsNorm = json.Bool("rmsnorm", defaults.HasRmsNorm),
            HasFinalNorm = json.Bool("post_layer_norm", defaults.HasFinalNorm),
            HasNormalizedResidual = json.Bool("apply_residual_connection_post_layernorm", defaults.HasNormalizedResidual),
            LinearBias = json.Bool("add_bias_linear", defaults.LinearBias),
            AttentionBias = json.Bool("add_qkv_bias", defaults.AttentionBias),
            RotaryRatio = json.Number("rope_ratio", defaults.RotaryRatio, double.Epsilon),
            AttentionDropout = json.Number("attention_dropout", defaults.AttentionDropout, 0, 1),
            HiddenDropout = json.Number("hidden_dropout", defaults.HiddenDropout, 0, 1),
            ClassifierDropout = json.NumberOrNull("classifier_dropout", 0, 1) ?? 0,
            PaddingId = json.IntOrNull("pad_token_id") ?? 0,
            InitializerRange = json.Number("initializer_range", defaults.InitializerRange, 0),
        };
        config.Check(json);
        return config;
    }

    private protected override void Write(JsonObject json)
    {
        json["padded_vocab_size"] = VocabularySize;
        json["hidden_size"] = HiddenSize;
        json["num_layers"] = Layers;
        json["num_attention_heads"] = Heads;
        json["multi_query_attention"] = KeyValueHeads is not null;
        json["multi_query_group_num"] = KeyValueHeads ?? 1;
        json["kv_channels"] = Attention.HeadWidth;
        json["ffn_hidden_size"] = IntermediateSize;
        json["seq_length"] = MaxPositions;
        json["layernorm_epsilon"] = NormEpsilon;
        json["rmsnorm"] = HasRmsNorm;
        json["post_layer_norm"] = HasFinalNorm;
        json["apply_residual_connection_post_layernorm"] = HasNormalizedResidual;
        json["add_bias_linear"] = LinearBias;
        json["add_qkv_bias"] = AttentionBias;
        json["original_rope"] = true;
        json["rope_ratio"] = RotaryRatio;
        json["attention_dropout"] = AttentionDropout;
        json["hidden_dropout"] = HiddenDropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["pad_token_id"] = PaddingId;
        json["initializer_range"] = InitializerRange;
    }

    private void Check(ConfigJson json)
    {
        ChatGlm1Additions.Refuse(json);
        if (HeadWidth is null && HiddenSize % Heads != 0)
        {
            throw json.Wrong("num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}, where 'kv_channels' is null");
        }
        if (Heads % Attention.KeyHeads != 0)
        {
            throw json.Wrong("multi_query_group_num", $"a divisor of 'num_attention_heads', which is {Heads}");
        }
        if (Attention.HeadWidth < 2)
        {
            throw json.Wrong("kv_channels", "at least 2: half of a head is turned");
        }
        if (!json.Bool("original_rope", true))
        {
            throw json.Wrong("original_rope", "true; other rotary embeddings of ChatGLM are not supported");
        }
        if (PaddingId < 0 || PaddingId >= VocabularySize)
        {
            throw json.Wrong("pad_token_id", $"an id below 'padded_vocab_size', which is {VocabularySize}");
        }
    }
}
