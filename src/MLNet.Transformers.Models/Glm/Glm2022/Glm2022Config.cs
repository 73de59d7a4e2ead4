using System.Text.Json.Nodes;

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
    public override int PaddingId { get; init; }

    /// <inheritdoc/>
    public override double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal int PositionRows => HasBlockPositions ? MaxPositions + 1 : MaxPositions;

    internal double HeadDropout => ClassifierDropout ?? OutputDropout;

    internal static Glm2022Config Read(ConfigJson json)
    {
        var defaults = new Glm2022Config();
        var config = new Glm2022Config
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Int("hidden_size", defaults.HiddenSize),
            Layers = json.Int("num_layers", defaults.Layers),
            Heads = json.Int("num_attention_heads", defaults.Heads),
            MaxPositions = json.Int("max_sequence_length", defaults.MaxPositions),
            HasBlockPositions = json.Bool("block_position_encoding", defaults.HasBlockPositions),
            EmbeddingDropout = json.Number("embedding_dropout_prob", defaults.EmbeddingDropout, 0, 1),
            AttentionDropout = json.Number("attention_dropout_prob", defaults.AttentionDropout, 0, 1),
            OutputDropout = json.Number("output_dropout_prob", defaults.OutputDropout, 0, 1),
            ClassifierDropout = json.NumberOrNull("classifier_dropout", 0, 1),
            PaddingId = json.IntOrNull("pad_token_id") ?? defaults.PaddingId,
            InitializerRange = json.Number("initializer_range", defaults.InitializerRange, 0),
        };
        config.Check(json);
        return config;
    }

    private protected override void Write(JsonObject json)
    {
        json["vocab_size"] = VocabularySize;
        json["hidden_size"] = HiddenSize;
        json["num_layers"] = Layers;
        json["num_attention_heads"] = Heads;
        json["max_sequence_length"] = MaxPositions;
        json["block_position_encoding"] = HasBlockPositions;
        json["embedding_dropout_prob"] = EmbeddingDropout;
        json["attention_dropout_prob"] = AttentionDropout;
        json["output_dropout_prob"] = OutputDropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["pad_token_id"] = PaddingId;
        json["initializer_range"] = InitializerRange;
    }

    private void Check(ConfigJson json)
    {
        if (HiddenSize % Heads != 0)
        {
            throw json.Wrong("num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}");
        }
        if (json.Bool("relative_encoding", false))
        {
            throw json.Wrong("relative_encoding", "false; relative positions of GLM are not supported");
        }
        if (json.Text("pool_token", "cls") != "cls")
        {
            throw json.Wrong("pool_token", "\"cls\"; other tokens to classify by are not supported");
        }
        if (PaddingId < 0 || PaddingId >= VocabularySize)
        {
            throw json.Wrong("pad_token_id", $"an id below 'vocab_size', which is {VocabularySize}");
        }
    }
}
