using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Models.Bart;

/// <summary>BART's config.json; defaults are those of bart-large (reference: configuration_bart.py).</summary>
public sealed record BartConfig : ModelConfig
{
    internal const string Type = "bart";

    // This library's own: the reference has no such network.
    internal const string TranslationType = "bart-translation";

    private const string SourceEncoderKey = "source_encoder";

    // Settings of other networks that the reference once kept in this file, and the only value that is BART's.
    private static readonly (string Key, bool Value)[] _fixed =
    [
        ("is_encoder_decoder", true), ("is_decoder", false), ("normalize_embedding", true), ("normalize_before", false), ("add_final_layer_norm", false),
        ("add_bias_logits", false), ("static_position_embeddings", false), ("do_blenderbot_90_layernorm", false),
    ];

    /// <inheritdoc/>
    public override string ModelType => SourceEncoder is null ? Type : TranslationType;

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
    public override int PaddingId { get; init; } = 1;

    /// <summary>The id that ends a text (<c>eos_token_id</c>), the first where the file lists several; the vector of a text is the decoder's there.</summary>
    public int EndId { get; init; } = 2;

    /// <summary>The id that the decoder's input begins with (<c>decoder_start_token_id</c>).</summary>
    public int StartId { get; init; } = 2;

    /// <inheritdoc/>
    public override int? DecoderStartId => StartId;

    /// <summary>
    /// The encoder with a vocabulary of its own whose vectors BART's encoder reads in place of token vectors, as wide as <see cref="HiddenSize"/>
    /// (<c>source_encoder</c>; Lewis et al. 2020, §3.4); null: BART as published. A BERT or a RoBERTa.
    /// </summary>
    public BertConfig? SourceEncoder { get; init; }

    /// <summary>Most tokens of a sequence; with a <see cref="SourceEncoder"/> no more than it takes.</summary>
    public override int? MaxTokens => Math.Min(MaxPositions, SourceEncoder?.MaxTokens ?? MaxPositions);

    internal override ModelConfig SourceConfig => (ModelConfig?)SourceEncoder ?? this;

    internal override double Parameters => (SourceEncoder?.Parameters ?? 0) + HiddenSize * (VocabularySize + (2.0 * MaxPositions)
        + (EncoderLayers * ((4.0 * HiddenSize) + (2.0 * EncoderIntermediateSize)))
        + (DecoderLayers * ((8.0 * HiddenSize) + (2.0 * DecoderIntermediateSize))));

    private protected override BartConfig Exchange(ConfigKeys keys)
    {
        foreach ((string key, bool value) in _fixed)
        {
            keys.Only(key, value, "anything else is another network than BART", written: key == "is_encoder_decoder");
        }
        BartConfig config = this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("d_model", HiddenSize, general: "hidden_size"),
            EncoderLayers = keys.Layers("encoder_layers", EncoderLayers, general: "num_hidden_layers", generalFirst: false),
            DecoderLayers = keys.Layers("decoder_layers", DecoderLayers),
            EncoderHeads = keys.Divisor("encoder_attention_heads", EncoderHeads, of: "d_model", general: "num_attention_heads"),
            DecoderHeads = keys.Divisor("decoder_attention_heads", DecoderHeads, of: "d_model"),
            EncoderIntermediateSize = keys.Size("encoder_ffn_dim", EncoderIntermediateSize),
            DecoderIntermediateSize = keys.Size("decoder_ffn_dim", DecoderIntermediateSize),
            Activation = keys.Activation("activation_function", Activation),
            Dropout = keys.Share("dropout", Dropout),
            AttentionDropout = keys.Share("attention_dropout", AttentionDropout),
            ActivationDropout = keys.Share("activation_dropout", ActivationDropout),
            ClassifierDropout = keys.ShareOrNull("classifier_dropout", ClassifierDropout) ?? ClassifierDropout,
            EncoderLayerDrop = keys.Share("encoder_layerdrop", EncoderLayerDrop),
            DecoderLayerDrop = keys.Share("decoder_layerdrop", DecoderLayerDrop),
            ScaledEmbeddings = keys.Flag("scale_embedding", ScaledEmbeddings),
            MaxPositions = keys.Size("max_position_embeddings", MaxPositions),
            TiedEmbeddings = keys.Flag("tie_word_embeddings", TiedEmbeddings),
            InitializerRange = keys.Number("init_std", InitializerRange),
            PaddingId = keys.Id("pad_token_id", PaddingId),
            EndId = keys.Ends(EndId)?[0] ?? EndId,
            StartId = keys.Id("decoder_start_token_id", StartId),
            SourceEncoder = SourceEncoder is null ? null : Half(keys, SourceEncoder),
        };
        keys.Require(
            config.SourceEncoder is null || config.SourceEncoder.HiddenSize == config.HiddenSize, SourceEncoderKey,
            $"an encoder of {config.HiddenSize} wide vectors, as 'd_model' says, not {config.SourceEncoder?.HiddenSize}");
        return config;
    }

    private static BertConfig Half(ConfigKeys keys, BertConfig encoder)
    {
        if (!keys.Writes)
        {
            return BertConfig.ReadEncoder(keys.Json.Section(SourceEncoderKey, "an object: the config of the encoder that reads sources"));
        }
        keys.Json.Json[SourceEncoderKey] = encoder.Written("BertModel");
        return encoder;
    }
}
