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
    /// <remarks>Null where the base of the rotary embeddings grows with the text.</remarks>
    public override int? MaxTokens => Rotary.Scaling.DependsOnLength ? null : MaxPositions;

    internal RotarySettings Rotary { get; init; } = RotarySettings.Default(partial: 1);

    internal AttentionShape Attention => new(HiddenSize, Heads, KeyValueHeads ?? Heads, HeadWidth ?? (HiddenSize / Heads));

    internal int? PaddingRow => PadTokenId < 0 ? VocabularySize + PadTokenId : PadTokenId;

    internal override double Parameters => HiddenSize * (VocabularySize
        + (Layers * ((2.0 * Attention.Heads * Attention.HeadWidth) + (2.0 * Attention.KeyHeads * Attention.HeadWidth) + (3.0 * IntermediateSize))));

    private protected override DecoderConfig Exchange(ConfigKeys keys)
    {
        DecoderConfig config = this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("hidden_size", HiddenSize),
            Layers = keys.Layers("num_hidden_layers", Layers),
            Heads = keys.Size("num_attention_heads", Heads),
            KeyValueHeads = keys.SizeOrNull("num_key_value_heads", KeyValueHeads, written: Attention.KeyHeads),
            HeadWidth = keys.SizeOrNull("head_dim", HeadWidth, written: Attention.HeadWidth),
            IntermediateSize = keys.Size("intermediate_size", IntermediateSize),
            Activation = keys.Activation("hidden_act", Activation),
            AttentionDropout = keys.ShareOrNull("attention_dropout", AttentionDropout) ?? AttentionDropout,
            ClassifierDropout = keys.ShareOrNull("classifier_dropout", ClassifierDropout) ?? keys.Json.NumberOrNull("hidden_dropout", 0, 1) ?? ClassifierDropout,
            AttentionBias = keys.Flag("attention_bias", AttentionBias),
            MaxPositions = keys.Count("max_position_embeddings", MaxPositions),
            RmsNormEpsilon = keys.Number("rms_norm_eps", RmsNormEpsilon),
            TiedEmbeddings = keys.Flag("tie_word_embeddings", TiedEmbeddings),
            PadTokenId = keys.IdOrNull("pad_token_id", PadTokenId, mayCountFromEnd: true),
            InitializerRange = keys.Number("initializer_range", InitializerRange),
        };
        config.CheckHeads(keys);
        config = config with { Rotary = Rotary.Exchange(keys, config.MaxPositions) };
        keys.Require(
            config.Rotary.Pairs(config.Attention.HeadWidth) is var pairs and > 0 && 2 * pairs <= config.Attention.HeadWidth, "head_dim",
            $"a width of which the share {config.Rotary.Partial} makes pairs for rotary embeddings; it is {config.Attention.HeadWidth}");
        return config;
    }

    private void CheckHeads(ConfigKeys keys)
    {
        keys.Require(
            HeadWidth is not null || HiddenSize % Heads == 0, "num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}, where there is no 'head_dim'");
        keys.Require(Heads % Attention.KeyHeads == 0, "num_key_value_heads", $"a divisor of 'num_attention_heads', which is {Heads}");
    }
}
