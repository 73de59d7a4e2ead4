using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Bert;

/// <summary>BERT's config.json; defaults are those of bert-base (reference: configuration_bert.py).</summary>
public record BertConfig : ModelConfig
{
    internal const string Type = "bert";

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 30522;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 768;

    /// <summary>Number of layers (<c>num_hidden_layers</c>).</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads of a layer (<c>num_attention_heads</c>); divides <see cref="HiddenSize"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width inside a layer's feed-forward part (<c>intermediate_size</c>).</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Activation of the feed-forward part (<c>hidden_act</c>).</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>Dropout after embeddings and projections in training, 0 to 1 (<c>hidden_dropout_prob</c>).</summary>
    public double HiddenDropout { get; init; } = 0.1;

    /// <summary>Dropout of attention weights in training, 0 to 1 (<c>attention_probs_dropout_prob</c>).</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Dropout before a classification head, 0 to 1 (<c>classifier_dropout</c>); null: as <see cref="HiddenDropout"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>Rows of the position embedding (<c>max_position_embeddings</c>).</summary>
    public int MaxPositions { get; init; } = 512;

    /// <summary>Rows of the segment embedding (<c>type_vocab_size</c>).</summary>
    public int SegmentTypes { get; init; } = 2;

    /// <summary>Added to the variance in layer normalisation (<c>layer_norm_eps</c>).</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <inheritdoc/>
    public override int PaddingId { get => PaddingRow ?? 0; init => PaddingRow = value; }

    /// <summary>Whether the masked-LM head shares the token embedding (<c>tie_word_embeddings</c>).</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <inheritdoc/>
    public override int? MaxTokens => MaxPositions;

    /// <summary>Whether the network tells two texts apart by segment ids: where the segment embedding has more than one row.</summary>
    public override bool HasSegments => SegmentTypes > 1;

    /// <summary>The row of the position embedding that padding has, which texts start behind; null where they start at row 0.</summary>
    internal virtual int? PositionPadding => null;

    /// <summary>The row of the token embedding that gets no gradient; null where config.json says that there is no padding.</summary>
    internal int? PaddingRow { get; init; } = 0;

    internal double HeadDropout => ClassifierDropout ?? HiddenDropout;

    internal override double Parameters => 
        HiddenSize * ((double)VocabularySize + MaxPositions + SegmentTypes + (Layers * ((4.0 * HiddenSize) + (2.0 * IntermediateSize))));

    /// <summary>The config of an encoder inside of another network's: of a BERT, or of a RoBERTa.</summary>
    internal static BertConfig ReadEncoder(ConfigJson json)
    {
        Architecture architecture = ArchitectureRegistry.Find(json);
        return architecture is BertArchitecture or RobertaArchitecture
            ? (BertConfig)architecture.ReadConfig(json)
            : throw json.InvalidValue("model_type", $"'{Type}' or '{RobertaConfig.EnglishType}'");
    }

    private protected override BertConfig Exchange(ConfigKeys keys)
    {
        const string NoDecoder = "BERT as a decoder is not supported outside of an encoder-decoder";
        keys.Only("is_decoder", false, NoDecoder);
        keys.Only("add_cross_attention", false, NoDecoder);
        keys.Only("position_embedding_type", "absolute", "relative position embeddings of BERT are not supported");
        keys.Require(keys.Json.Json["pruned_heads"] is not JsonObject { Count: > 0 }, "pruned_heads", "no layers: attention whose heads were cut off is not supported");
        BertConfig config = this with
        {
            VocabularySize = keys.Vocabulary("vocab_size", VocabularySize),
            HiddenSize = keys.Size("hidden_size", HiddenSize),
            Layers = keys.Layers("num_hidden_layers", Layers),
            Heads = keys.Divisor("num_attention_heads", Heads, of: "hidden_size"),
            IntermediateSize = keys.Size("intermediate_size", IntermediateSize),
            Activation = keys.Activation("hidden_act", Activation),
            HiddenDropout = keys.Share("hidden_dropout_prob", HiddenDropout),
            AttentionDropout = keys.Share("attention_probs_dropout_prob", AttentionDropout),
            ClassifierDropout = keys.ShareOrNull("classifier_dropout", ClassifierDropout),
            MaxPositions = keys.Size("max_position_embeddings", MaxPositions),
            SegmentTypes = keys.Size("type_vocab_size", SegmentTypes),
            LayerNormEpsilon = keys.Number("layer_norm_eps", LayerNormEpsilon),
            InitializerRange = keys.Number("initializer_range", InitializerRange),
            PaddingRow = keys.IdOrNull("pad_token_id", PaddingRow),
            TiedEmbeddings = keys.Flag("tie_word_embeddings", TiedEmbeddings),
        };
        keys.Require(config.PositionPadding is null || config.PaddingRow is not null, "pad_token_id", "an id: positions are counted from its row on");
        keys.Require(config.MaxTokens >= 1, "max_position_embeddings", $"more than {config.MaxPositions - config.MaxTokens}, the rows that no token has");
        return config;
    }
}
