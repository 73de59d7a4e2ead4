namespace MLNet.Transformers.Models.T5;

/// <summary>T5's config.json; defaults are those of t5-small (reference: configuration_t5.py).</summary>
public sealed record T5Config : ModelConfig
{
    internal const string Type = "t5";

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 32128;

    /// <summary>Width of the vectors between the layers (<c>d_model</c>).</summary>
    public override int HiddenSize { get; init; } = 512;

    /// <summary>Width of the queries, keys and values of one head (<c>d_kv</c>), whatever <see cref="HiddenSize"/> is.</summary>
    public int HeadSize { get; init; } = 64;

    /// <summary>Width inside a layer's feed-forward part (<c>d_ff</c>).</summary>
    public int IntermediateSize { get; init; } = 2048;

    /// <summary>Number of the encoder's layers (<c>num_layers</c>).</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Number of the decoder's layers (<c>num_decoder_layers</c>); null: as many as <see cref="Layers"/>.</summary>
    public int? DecoderLayers { get; init; }

    /// <summary>Attention heads of a layer (<c>num_heads</c>).</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Kinds of distance that attention tells apart, at least 4 (<c>relative_attention_num_buckets</c>).</summary>
    public int RelativeBuckets { get; init; } = 32;

    /// <summary>Distance in tokens from which on all are one kind (<c>relative_attention_max_distance</c>); more than half of <see cref="RelativeBuckets"/>.</summary>
    public int RelativeMaxDistance { get; init; } = 128;

    /// <summary>Activation of the feed-forward part (<c>dense_act_fn</c>, or the end of <c>feed_forward_proj</c>).</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Whether the feed-forward part multiplies what is activated by a second projection, as T5 v1.1 does (<c>is_gated_act</c>; Shazeer 2020).</summary>
    public bool GatedFeedForward { get; init; }

    /// <summary>Dropout in training, everywhere but in a classification head, 0 to 1 (<c>dropout_rate</c>).</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Dropout of a classification head in training, 0 to 1 (<c>classifier_dropout</c>).</summary>
    public double ClassifierDropout { get; init; }

    /// <summary>Added to the mean square in normalisation (<c>layer_norm_epsilon</c>).</summary>
    public double LayerNormEpsilon { get; init; } = 1e-6;

    /// <summary>Factor on the standard deviations that each kind of weight has of its own (<c>initializer_factor</c>).</summary>
    public override double InitializerRange { get; init; } = 1;

    /// <summary>The id that the decoder's input begins with where that is not <see cref="ModelConfig.PaddingId"/> (<c>decoder_start_token_id</c>).</summary>
    public int? StartId { get; init; }

    /// <inheritdoc/>
    public override int? DecoderStartId => StartId ?? PaddingId;

    /// <summary>The id that ends a text, where the vector of a sequence is taken (<c>eos_token_id</c>); null: none, or several.</summary>
    public int? EndId { get; init; } = 1;

    /// <summary>Whether the language-model head shares the token embedding (<c>tie_word_embeddings</c>); a checkpoint with a head of its own decides otherwise.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>Whether the language-model head reads vectors times <see cref="HiddenSize"/>^-½ (<c>scale_decoder_outputs</c>; where absent, as <c>tie_word_embeddings</c>).</summary>
    public bool ScaledOutputs { get; init; } = true;

    /// <inheritdoc/>
    public override int? MaxTokens => null;

    internal int DecoderDepth => DecoderLayers ?? Layers;

    internal long InnerSize => (long)Heads * HeadSize;

    internal override double Parameters => HiddenSize * (VocabularySize
        + ((Layers + (2.0 * DecoderDepth)) * 4 * Heads * HeadSize)
        + (((double)Layers + DecoderDepth) * (GatedFeedForward ? 3 : 2) * IntermediateSize));

    private protected override T5Config Exchange(ConfigKeys keys)
    {
        keys.Only("is_decoder", false, "T5's decoder alone is not supported");
        T5Config config = this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("d_model", HiddenSize, general: "hidden_size"),
            HeadSize = keys.Size("d_kv", HeadSize, general: "head_dim"),
            IntermediateSize = keys.Size("d_ff", IntermediateSize),
            Layers = keys.Layers("num_layers", Layers, general: "num_hidden_layers"),
            DecoderLayers = keys.LayersOrNull("num_decoder_layers", DecoderLayers, written: Layers),
            Heads = keys.Size("num_heads", Heads, general: "num_attention_heads"),
            RelativeBuckets = keys.Size("relative_attention_num_buckets", RelativeBuckets, minimum: 4),
            RelativeMaxDistance = keys.Count("relative_attention_max_distance", RelativeMaxDistance),
            Dropout = keys.Share("dropout_rate", Dropout),
            ClassifierDropout = keys.Share("classifier_dropout", ClassifierDropout),
            LayerNormEpsilon = keys.Number("layer_norm_epsilon", LayerNormEpsilon),
            InitializerRange = keys.Number("initializer_factor", InitializerRange),
            PaddingId = keys.Id("pad_token_id", PaddingId),
            StartId = keys.IdOrNull("decoder_start_token_id", StartId, written: DecoderStartId),
            EndId = keys.Ends(EndId) is [int only] ? only : null,
            TiedEmbeddings = keys.Flag("tie_word_embeddings", TiedEmbeddings),
        };
        keys.Require(
            config.RelativeMaxDistance > config.RelativeBuckets / 2, "relative_attention_max_distance",
            $"more than half of 'relative_attention_num_buckets', which is {config.RelativeBuckets}");
        (string activation, bool gated) = T5FeedForwardName.Exchange(keys, Activation, GatedFeedForward);
        return config with
        {
            Activation = activation,
            GatedFeedForward = gated,
            ScaledOutputs = keys.Flag("scale_decoder_outputs", keys.Writes ? ScaledOutputs : config.TiedEmbeddings),
        };
    }
}
