using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>The keys of config.json that LLaMA and the networks built like it share.</summary>
public abstract record DecoderConfig : ModelConfig
{
    private const int DefaultMaxPositions = 2048;

    private protected DecoderConfig()
    {
    }

    /// <summary>Number of layers (<c>num_hidden_layers</c>).</summary>
    public int Layers { get; init; } = 32;

    /// <summary>Query heads of a layer (<c>num_attention_heads</c>).</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Key and value heads of a layer, a divisor of <see cref="Heads"/> (<c>num_key_value_heads</c>); null: as many as query heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Width of a head (<c>head_dim</c>); null: <see cref="ModelConfig.HiddenSize"/> divided by <see cref="Heads"/>.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>Width inside a layer's feed-forward part (<c>intermediate_size</c>).</summary>
    public int IntermediateSize { get; init; } = 11008;

    /// <summary>Activation of the feed-forward part's gate (<c>hidden_act</c>).</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Dropout of attention weights in training, 0 to 1 (<c>attention_dropout</c>).</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Dropout before a token classification head in training, 0 to 1 (<c>classifier_dropout</c>, else <c>hidden_dropout</c>, else 0.1).</summary>
    public double ClassifierDropout { get; init; } = 0.1;

    /// <summary>Whether queries, keys and values have biases (<c>attention_bias</c>).</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Tokens of the longest texts that the network was made for (<c>max_position_embeddings</c>).</summary>
    public int MaxPositions { get; init; } = DefaultMaxPositions;

    /// <summary>Added to the mean of squares in normalisation (<c>rms_norm_eps</c>).</summary>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the frequencies of rotary position embeddings, at least 1 (<c>rope_theta</c>).</summary>
    public double RotaryBase { get => Rotary.Theta; init => Rotary = Rotary with { Theta = value }; }

    /// <summary>Whether the language-model head shares the token embedding (<c>tie_word_embeddings</c>).</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>The id of padding, which has no gradient (<c>pad_token_id</c>); null: there is none. A negative one counts from the vocabulary's end.</summary>
    public int? PadTokenId { get; init; }

    /// <inheritdoc/>
    public override int PaddingId { get => Math.Max(PadTokenId ?? 0, 0); init => PadTokenId = value; }

    /// <inheritdoc/>
    public override double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    /// <remarks>Null where the base of the rotary embeddings grows with the text.</remarks>
    public override int? MaxTokens => Rotary.Scaling.DependsOnLength ? null : MaxPositions;

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal RotarySettings Rotary { get; init; } = RotarySettings.Default(partial: 1);

    internal AttentionShape Attention => new(HiddenSize, Heads, KeyValueHeads ?? Heads, HeadWidth ?? (HiddenSize / Heads));

    internal int? PaddingRow => PadTokenId < 0 ? VocabularySize + PadTokenId : PadTokenId;

    /// <summary>The shared keys; absent ones stay as they are.</summary>
    private protected static TConfig Read<TConfig>(ConfigJson json, TConfig defaults)
        where TConfig : DecoderConfig
    {
        int maxPositions = json.Int("max_position_embeddings", defaults.MaxPositions);
        TConfig config = defaults with
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Int("hidden_size", defaults.HiddenSize),
            Layers = json.Int("num_hidden_layers", defaults.Layers),
            Heads = json.Int("num_attention_heads", defaults.Heads),
            KeyValueHeads = Optional("num_key_value_heads", defaults.KeyValueHeads),
            HeadWidth = Optional("head_dim", defaults.HeadWidth),
            IntermediateSize = json.Int("intermediate_size", defaults.IntermediateSize),
            Activation = json.Text("hidden_act", defaults.Activation),
            AttentionDropout = json.NumberOrNull("attention_dropout", 0, 1) ?? 0,
            ClassifierDropout = json.NumberOrNull("classifier_dropout", 0, 1) ?? json.NumberOrNull("hidden_dropout", 0, 1) ?? defaults.ClassifierDropout,
            AttentionBias = json.Bool("attention_bias", defaults.AttentionBias),
            MaxPositions = maxPositions,
            RmsNormEpsilon = json.Number("rms_norm_eps", defaults.RmsNormEpsilon, 0),
            Rotary = RotarySettings.Read(json, maxPositions, defaults.Rotary.Partial),
            TiedEmbeddings = json.Bool("tie_word_embeddings", defaults.TiedEmbeddings),
            PadTokenId = json.Json.ContainsKey("pad_token_id") ? json.IntOrNull("pad_token_id") : defaults.PadTokenId,
            InitializerRange = json.Number("initializer_range", defaults.InitializerRange, 0),
        };
        config.Check(json);
        return config;

        // Null is a value of its own here, which an absent key need not be.
        int? Optional(string key, int? absent) => !json.Json.ContainsKey(key) ? absent : json.Has(key) ? json.Int(key, 0) : null;
    }

    private protected override void Write(JsonObject json)
    {
        json["vocab_size"] = VocabularySize;
        json["hidden_size"] = HiddenSize;
        json["num_hidden_layers"] = Layers;
        json["num_attention_heads"] = Heads;
        json["num_key_value_heads"] = Attention.KeyHeads;
        json["head_dim"] = Attention.HeadWidth;
        json["intermediate_size"] = IntermediateSize;
        json["hidden_act"] = Activation;
        json["attention_dropout"] = AttentionDropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["attention_bias"] = AttentionBias;
        json["max_position_embeddings"] = MaxPositions;
        json["rms_norm_eps"] = RmsNormEpsilon;
        json["tie_word_embeddings"] = TiedEmbeddings;
        json["pad_token_id"] = PadTokenId;
        json["initializer_range"] = InitializerRange;
        RotarySettings.Write(json, RotaryBase);
    }

    private void Check(ConfigJson json)
    {
        if (HeadWidth is null && HiddenSize % Heads != 0)
        {
            throw json.Wrong("num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}, where there is no 'head_dim'");
        }
        if (Heads % Attention.KeyHeads != 0)
        {
            throw json.Wrong("num_key_value_heads", $"a divisor of 'num_attention_heads', which is {Heads}");
        }
        if (Rotary.Pairs(Attention.HeadWidth) is var pairs && (pairs == 0 || 2 * pairs > Attention.HeadWidth))
        {
            throw json.Wrong("head_dim", $"a width of which the share {Rotary.Partial} makes pairs for rotary embeddings; it is {Attention.HeadWidth}");
        }
        if (!Activations.IsKnown(Activation))
        {
            throw json.Wrong("hidden_act", $"one of {Activations.Known}");
        }
        if (PadTokenId >= VocabularySize || PadTokenId < -VocabularySize)
        {
            throw json.Wrong("pad_token_id", $"an id below 'vocab_size', which is {VocabularySize}");
        }
    }
}
