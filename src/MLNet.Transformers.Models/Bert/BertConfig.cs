using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

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
    public override double InitializerRange { get; init; } = 0.02;

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

    /// <summary>Reads an encoder's config.json.</summary>
    /// <param name="json">The file.</param>
    /// <param name="defaults">What absent keys mean; its type is the result's.</param>
    internal static BertConfig Read(ConfigJson json, BertConfig defaults)
    {
        foreach (string key in (string[])["is_decoder", "add_cross_attention"])
        {
            if (json.Bool(key, false))
            {
                throw json.Wrong(key, "false: BERT as a decoder is not supported outside of an encoder-decoder");
            }
        }
        return ReadPart(json, defaults);
    }

    /// <summary>As <see cref="Read"/>, whatever the config says of decoding.</summary>
    internal static BertConfig ReadPart(ConfigJson json, BertConfig defaults)
    {
        BertConfig config = defaults with
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Int("hidden_size", defaults.HiddenSize),
            Layers = json.Int("num_hidden_layers", defaults.Layers),
            Heads = json.Int("num_attention_heads", defaults.Heads),
            IntermediateSize = json.Int("intermediate_size", defaults.IntermediateSize),
            Activation = json.Text("hidden_act", defaults.Activation),
            HiddenDropout = json.Number("hidden_dropout_prob", defaults.HiddenDropout, 0, 1),
            AttentionDropout = json.Number("attention_probs_dropout_prob", defaults.AttentionDropout, 0, 1),
            ClassifierDropout = json.NumberOrNull("classifier_dropout", 0, 1),
            MaxPositions = json.Int("max_position_embeddings", defaults.MaxPositions),
            SegmentTypes = json.Int("type_vocab_size", defaults.SegmentTypes),
            LayerNormEpsilon = json.Number("layer_norm_eps", defaults.LayerNormEpsilon, 0),
            InitializerRange = json.Number("initializer_range", defaults.InitializerRange, 0),
            PaddingRow = json.Json.ContainsKey("pad_token_id") ? json.IntOrNull("pad_token_id") : defaults.PaddingRow,
            TiedEmbeddings = json.Bool("tie_word_embeddings", defaults.TiedEmbeddings),
        };
        config.Check(json);
        return config;
    }

    private protected override void Write(JsonObject json)
    {
        json["vocab_size"] = VocabularySize;
        json["hidden_size"] = HiddenSize;
        json["num_hidden_layers"] = Layers;
        json["num_attention_heads"] = Heads;
        json["intermediate_size"] = IntermediateSize;
        json["hidden_act"] = Activation;
        json["hidden_dropout_prob"] = HiddenDropout;
        json["attention_probs_dropout_prob"] = AttentionDropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["max_position_embeddings"] = MaxPositions;
        json["type_vocab_size"] = SegmentTypes;
        json["layer_norm_eps"] = LayerNormEpsilon;
        json["initializer_range"] = InitializerRange;
        json["pad_token_id"] = PaddingRow;
        json["tie_word_embeddings"] = TiedEmbeddings;
    }

    private void Check(ConfigJson json)
    {
        if (HiddenSize % Heads != 0)
        {
            throw json.Wrong("num_attention_heads", $"a divisor of 'hidden_size', which is {HiddenSize}");
        }
        if (!Activations.IsKnown(Activation))
        {
            throw json.Wrong("hidden_act", $"one of {Activations.Known}");
        }
        string positions = json.Text("position_embedding_type", "absolute");
        if (positions != "absolute")
        {
            throw json.Wrong("position_embedding_type", "\"absolute\"; relative position embeddings of BERT are not supported");
        }
        if (json.Json["pruned_heads"] is JsonObject { Count: > 0 })
        {
            throw json.Wrong("pruned_heads", "no layers: attention whose heads were cut off is not supported");
        }
        if (PaddingId < 0 || PaddingId >= VocabularySize)
        {
            throw json.Wrong("pad_token_id", $"an id below 'vocab_size', which is {VocabularySize}");
        }
        if (MaxTokens < 1)
        {
            throw json.Wrong("max_position_embeddings", $"more than {MaxPositions - MaxTokens}, the rows that no token has");
        }
    }
}
