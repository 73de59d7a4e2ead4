using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bart;

/// <summary>BART's config.json; defaults are those of bart-large (reference: configuration_bart.py).</summary>
public sealed record BartConfig : ModelConfig
{
    internal const string Type = "bart";

    // Settings of other networks that the reference once kept in this file, and the only value that is BART's.
    private static readonly (string Key, bool Value)[] _fixed =
    [
        ("is_encoder_decoder", true), ("is_decoder", false), ("normalize_embedding", true), ("normalize_before", false), ("add_final_layer_norm", false),
        ("add_bias_logits", false), ("static_position_embeddings", false), ("do_blenderbot_90_layernorm", false),
    ];

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 50265;

    /// <summary>Width of the vectors between the layers (<c>d_model</c>).</summary>
    public override int HiddenSize { get; init; } = 1024;

    /// <summary>Layers of the encoder (<c>encoder_layers</c>).</summary>
    public int EncoderLayers { get; init; } = 12;

    /// <summary>Layers of the decoder (<c>decoder_layers</c>).</summary>
    public int DecoderLayers { get; init; } = 12;

    /// <summary>Attention heads of an encoder layer (<c>encoder_attention_heads</c>); divides <see cref="HiddenSize"/>.</summary>
    public int EncoderHeads { get; init; } = 16;

    /// <summary>Attention heads of a decoder layer (<c>decoder_attention_heads</c>); divides <see cref="HiddenSize"/>.</summary>
    public int DecoderHeads { get; init; } = 16;

    /// <summary>Width inside an encoder layer's feed-forward part (<c>encoder_ffn_dim</c>).</summary>
    public int EncoderIntermediateSize { get; init; } = 4096;

    /// <summary>Width inside a decoder layer's feed-forward part (<c>decoder_ffn_dim</c>).</summary>
    public int DecoderIntermediateSize { get; init; } = 4096;

    /// <summary>Activation of the feed-forward parts (<c>activation_function</c>).</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>Dropout after embeddings, attention and feed-forward parts in training, 0 to 1 (<c>dropout</c>).</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Dropout of attention weights in training, 0 to 1 (<c>attention_dropout</c>).</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Dropout after the activation of a feed-forward part in training, 0 to 1 (<c>activation_dropout</c>).</summary>
    public double ActivationDropout { get; init; }

    /// <summary>Dropout in a classification head in training, 0 to 1 (<c>classifier_dropout</c>).</summary>
    public double ClassifierDropout { get; init; }

    /// <summary>Share of the encoder's layers that a step of training leaves out, 0 to 1 (<c>encoder_layerdrop</c>; Fan et al. 2020).</summary>
    public double EncoderLayerDrop { get; init; }

    /// <summary>Share of the decoder's layers that a step of training leaves out, 0 to 1 (<c>decoder_layerdrop</c>).</summary>
    public double DecoderLayerDrop { get; init; }

    /// <summary>Whether token vectors are multiplied by √<see cref="HiddenSize"/> (<c>scale_embedding</c>).</summary>
    public bool ScaledEmbeddings { get; init; }

    /// <summary>Most tokens of a sequence (<c>max_position_embeddings</c>); the position embedding has two rows more.</summary>
    public int MaxPositions { get; init; } = 1024;

    /// <summary>Whether encoder, decoder and language-model head share one token embedding (<c>tie_word_embeddings</c>).</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <inheritdoc/>
    public override double InitializerRange { get; init; } = 0.02;

    /// <inheritdoc/>
    public override int PaddingId { get; init; } = 1;

    /// <summary>The id that ends a text (<c>eos_token_id</c>), the first where the file lists several; the vector of a text is the decoder's there.</summary>
    public int EndId { get; init; } = 2;

    /// <summary>The id that the decoder's input begins with (<c>decoder_start_token_id</c>).</summary>
    public int StartId { get; init; } = 2;

    /// <inheritdoc/>
    public override int? DecoderStartId => StartId;

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal static BartConfig Read(ConfigJson json)
    {
        var defaults = new BartConfig();
        var config = new BartConfig
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Size("d_model", "hidden_size", defaults.HiddenSize),
            EncoderLayers = json.Int("encoder_layers", json.Int("num_hidden_layers", defaults.EncoderLayers)),
            DecoderLayers = json.Int("decoder_layers", defaults.DecoderLayers),
            EncoderHeads = json.Size("encoder_attention_heads", "num_attention_heads", defaults.EncoderHeads),
            DecoderHeads = json.Int("decoder_attention_heads", defaults.DecoderHeads),
            EncoderIntermediateSize = json.Int("encoder_ffn_dim", defaults.EncoderIntermediateSize),
            DecoderIntermediateSize = json.Int("decoder_ffn_dim", defaults.DecoderIntermediateSize),
            Activation = json.Text("activation_function", defaults.Activation),
            Dropout = json.Number("dropout", defaults.Dropout, 0, 1),
            AttentionDropout = json.Number("attention_dropout", defaults.AttentionDropout, 0, 1),
            ActivationDropout = json.Number("activation_dropout", defaults.ActivationDropout, 0, 1),
            ClassifierDropout = json.NumberOrNull("classifier_dropout", 0, 1) ?? defaults.ClassifierDropout,
            EncoderLayerDrop = json.Number("encoder_layerdrop", defaults.EncoderLayerDrop, 0, 1),
            DecoderLayerDrop = json.Number("decoder_layerdrop", defaults.DecoderLayerDrop, 0, 1),
            ScaledEmbeddings = json.Bool("scale_embedding", defaults.ScaledEmbeddings),
            MaxPositions = json.Int("max_position_embeddings", defaults.MaxPositions),
            TiedEmbeddings = json.Bool("tie_word_embeddings", defaults.TiedEmbeddings),
            InitializerRange = json.Number("init_std", defaults.InitializerRange, 0),
            PaddingId = json.IntOrNull("pad_token_id") ?? defaults.PaddingId,
            EndId = End(json) ?? defaults.EndId,
            StartId = json.IntOrNull("decoder_start_token_id") ?? defaults.StartId,
        };
        config.Check(json);
        return config;
    }

    private protected override void Write(JsonObject json)
    {
        foreach (string general in (string[])["hidden_size", "num_hidden_layers", "num_attention_heads"])
        {
            json.Remove(general);
        }
        json["vocab_size"] = VocabularySize;
        json["d_model"] = HiddenSize;
        json["encoder_layers"] = EncoderLayers;
        json["decoder_layers"] = DecoderLayers;
        json["encoder_attention_heads"] = EncoderHeads;
        json["decoder_attention_heads"] = DecoderHeads;
        json["encoder_ffn_dim"] = EncoderIntermediateSize;
        json["decoder_ffn_dim"] = DecoderIntermediateSize;
        json["activation_function"] = Activation;
        json["dropout"] = Dropout;
        json["attention_dropout"] = AttentionDropout;
        json["activation_dropout"] = ActivationDropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["encoder_layerdrop"] = EncoderLayerDrop;
        json["decoder_layerdrop"] = DecoderLayerDrop;
        json["scale_embedding"] = ScaledEmbeddings;
        json["max_position_embeddings"] = MaxPositions;
        json["tie_word_embeddings"] = TiedEmbeddings;
        json["init_std"] = InitializerRange;
        json["pad_token_id"] = PaddingId;
        json["decoder_start_token_id"] = StartId;
        json["is_encoder_decoder"] = true;
        if (json["eos_token_id"] is not JsonArray)
        {
            json["eos_token_id"] = EndId;
        }
    }

    private static int? End(ConfigJson json) => json.Json["eos_token_id"] is JsonArray ids
        ? ids.Count > 0 && ids[0] is JsonValue first && first.TryGetValue(out int id) ? id : throw json.Wrong("eos_token_id", "a whole number or a list of them")
        : json.IntOrNull("eos_token_id");

    private void Check(ConfigJson json)
    {
        RequireDivisor("encoder_attention_heads", EncoderHeads);
        RequireDivisor("decoder_attention_heads", DecoderHeads);
        if (!Activations.IsKnown(Activation))
        {
            throw json.Wrong("activation_function", $"one of {Activations.Known}");
        }
        RequireToken("pad_token_id", PaddingId);
        RequireToken("eos_token_id", EndId);
        RequireToken("decoder_start_token_id", StartId);
        foreach ((string key, bool value) in _fixed)
        {
            if (json.Bool(key, value) != value)
            {
                throw json.Wrong(key, $"{(value ? "true" : "false")}: anything else is another network than BART");
            }
        }

        void RequireDivisor(string key, int heads)
        {
            if (HiddenSize % heads != 0)
            {
                throw json.Wrong(key, $"a divisor of 'd_model', which is {HiddenSize}");
            }
        }

        void RequireToken(string key, int id)
        {
            if (id < 0 || id >= VocabularySize)
            {
                throw json.Wrong(key, $"an id below 'vocab_size', which is {VocabularySize}");
            }
        }
    }
}
