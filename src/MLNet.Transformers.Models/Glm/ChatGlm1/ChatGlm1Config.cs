using System.Text.Json.Nodes;
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
    public override int PaddingId { get; init; }

    /// <inheritdoc/>
    public override double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal int HeadWidth => HiddenSize / Heads;

    /// <summary>Each half of a head is turned by one of the two positions.</summary>
    internal RotaryEmbedding Rotary => new(RotaryBase, HeadWidth / 2, RotaryPairs.Halves, new NoRotaryScaling());

    internal static ChatGlm1Config Read(ConfigJson json)
    {
        var defaults = new ChatGlm1Config();
        var config = new ChatGlm1Config
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Int("hidden_size", defaults.HiddenSize),
            Layers = json.Int("num_layers", defaults.Layers),
            Heads = json.Int("num_attention_heads", defaults.Heads),
            IntermediateSize = json.Int("inner_hidden_size", defaults.IntermediateSize),
            MaxPositions = json.Int("max_sequence_length", defaults.MaxPositions),
            NormEpsilon = json.Number("layernorm_epsilon", defaults.NormEpsilon, 0),
            StartId = json.IntOrNull("bos_token_id") ?? defaults.StartId,
            MaskId = json.IntOrNull("mask_token_id") ?? defaults.MaskId,
            EndMaskId = json.IntOrNull("gmask_token_id") ?? defaults.EndMaskId,
            TiedEmbeddings = json.Bool("tie_word_embeddings", defaults.TiedEmbeddings),
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
        json["inner_hidden_size"] = IntermediateSize;
        json["max_sequence_length"] = MaxPositions;
        json["layernorm_epsilon"] = NormEpsilon;
        json["position_encoding_2d"] = true;
        json["bos_token_id"] = StartId;
        json["mask_token_id"] = MaskId;
        json["gmask_token_id"] = EndMaskId;
        json["tie_word_embeddings"] = TiedEmbeddings;
        json["pad_token_id"] = PaddingId;
        json["initializer_range"] = InitializerRange;
    }

    private void Check(ConfigJson json)
    {
        ChatGlm1Additions.Refuse(json);
        if (HiddenSize % Heads != 0 || HeadWidth % 4 != 0)
        {
            throw json.Wrong("num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}, that makes heads of a multiple of 4");
        }
        if (!json.Bool("position_encoding_2d", true))
        {
            throw json.Wrong("position_encoding_2d", "true; ChatGLM-6B with one row of positions is not supported");
        }
        if (PaddingId < 0 || PaddingId >= VocabularySize)
        {
            throw json.Wrong("pad_token_id", $"an id below 'vocab_size', which is {VocabularySize}");
        }
    }
}
