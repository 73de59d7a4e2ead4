using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>The config.json of ChatGLM-6B; defaults are those of its first release (source: THUDM's configuration_chatglm.py).</summary>
public sealed record ChatGlm1Config : ModelConfig
{
    internal const string Type = "chatglm";

    private const double RotaryBase = 10000;

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 150528;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 4096;

    /// <summary>Number of layers (<c>num_layers</c>).</summary>
    public int Layers { get; init; } = 28;

    /// <summary>Attention heads of a layer, a divisor of <see cref="HiddenSize"/> (<c>num_attention_heads</c>).</summary>
    public int Heads { get; init; } = 32;

    /// <summary>Width inside a layer's feed-forward part (<c>inner_hidden_size</c>).</summary>
    public int IntermediateSize { get; init; } = 16384;

    /// <summary>Tokens of the longest texts that the network was made for (<c>max_sequence_length</c>).</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Added to the variance in layer normalisation (<c>layernorm_epsilon</c>).</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The id behind which the network writes (<c>bos_token_id</c>).</summary>
    public int StartId { get; init; } = 150004;

    /// <summary>The id of a blank within a text (<c>mask_token_id</c>).</summary>
    public int MaskId { get; init; } = 150000;

    /// <summary>The id of a blank at the end of a text (<c>gmask_token_id</c>).</summary>
    public int EndMaskId { get; init; } = 150001;

    /// <summary>Whether the language-model head shares the token embedding (<c>tie_word_embeddings</c>, false where absent: published checkpoints hold both).</summary>
    public bool TiedEmbeddings { get; init; }

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    internal int HeadWidth => HiddenSize / Heads;

    /// <summary>Each half of a head is turned by one of the two positions.</summary>
    internal RotaryEmbedding Rotary => new(RotaryBase, HeadWidth / 2, RotaryPairs.Halves, new NoRotaryScaling());

    internal override double Parameters => HiddenSize * (VocabularySize + (Layers * ((4.0 * HiddenSize) + (2.0 * IntermediateSize))));

    private protected override ChatGlm1Config Exchange(ConfigKeys keys)
    {
        ChatGlm1Additions.Refuse(keys);
        keys.Only("position_encoding_2d", true, "ChatGLM-6B with one row of positions is not supported", written: true);
        ChatGlm1Config config = this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("hidden_size", HiddenSize),
            Layers = keys.Layers("num_layers", Layers),
            Heads = keys.Divisor("num_attention_heads", Heads, of: "hidden_size"),
            IntermediateSize = keys.Size("inner_hidden_size", IntermediateSize),
            MaxPositions = keys.Count("max_sequence_length", MaxPositions),
            NormEpsilon = keys.Number("layernorm_epsilon", NormEpsilon),
            StartId = keys.AnyId("bos_token_id", StartId),
            MaskId = keys.AnyId("mask_token_id", MaskId),
            EndMaskId = keys.AnyId("gmask_token_id", EndMaskId),
            TiedEmbeddings = keys.Flag("tie_word_embeddings", TiedEmbeddings),
            PaddingId = keys.Id("pad_token_id", PaddingId),
            InitializerRange = keys.Number("initializer_range", InitializerRange),
        };
        keys.Require(config.HeadWidth % 4 == 0, "num_attention_heads", $"a number that makes heads of a multiple of 4; 'hidden_size' is {config.HiddenSize}");
        return config;
    }
}
