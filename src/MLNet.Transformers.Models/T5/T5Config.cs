using System.Text.Json.Nodes;

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

    /// <inheritdoc/>
    public override int PaddingId { get; init; }

    /// <summary>The id that the decoder's input begins with where that is not <see cref="PaddingId"/> (<c>decoder_start_token_id</c>).</summary>
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

    /// <inheritdoc/>
    public override bool HasSegments => false;

    internal int DecoderDepth => DecoderLayers ?? Layers;

    internal int InnerSize => Heads * HeadSize;

    internal static T5Config Read(ConfigJson json)
    {
        var defaults = new T5Config();
        (string activation, bool gated) = T5FeedForwardName.Read(json);
        bool tied = json.Bool("tie_word_embeddings", defaults.TiedEmbeddings);
        var config = new T5Config
        {
            VocabularySize = json.Int("vocab_size", defaults.VocabularySize),
            HiddenSize = json.Size("d_model", "hidden_size", defaults.HiddenSize),
            HeadSize = json.Size("d_kv", "head_dim", defaults.HeadSize),
            IntermediateSize = json.Int("d_ff", defaults.IntermediateSize),
            Layers = json.Size("num_layers", "num_hidden_layers", defaults.Layers),
            DecoderLayers = json.Has("num_decoder_layers") ? json.Int("num_decoder_layers", 1) : null,
            Heads = json.Size("num_heads", "num_attention_heads", defaults.Heads),
            RelativeBuckets = json.Int("relative_attention_num_buckets", defaults.RelativeBuckets, minimum: 4),
            RelativeMaxDistance = json.Int("relative_attention_max_distance", defaults.RelativeMaxDistance),
            Activation = activation,
            GatedFeedForward = gated,
            Dropout = json.Number("dropout_rate", defaults.Dropout, 0, 1),
            ClassifierDropout = json.Number("classifier_dropout", defaults.ClassifierDropout, 0, 1),
            LayerNormEpsilon = json.Number("layer_norm_epsilon", defaults.LayerNormEpsilon, 0),
            InitializerRange = json.Number("initializer_factor", defaults.InitializerRange, 0),
            PaddingId = json.IntOrNull("pad_token_id") ?? defaults.PaddingId,
            StartId = json.IntOrNull("decoder_start_token_id"),
            EndId = End(json, defaults.EndId),
            TiedEmbeddings = tied,
            ScaledOutputs = json.Bool("scale_decoder_outputs", tied),
        };
        config.Check(json);
        return config;
    }

    private protected override void Write(JsonObject json)
    {
        foreach (string alias in (string[])["hidden_size", "head_dim", "num_hidden_layers", "num_attention_heads"])
        {
            json.Remove(alias);
        }
        json["vocab_size"] = VocabularySize;
        json["d_model"] = HiddenSize;
        json["d_kv"] = HeadSize;
        json["d_ff"] = IntermediateSize;
        json["num_layers"] = Layers;
        json["num_decoder_layers"] = DecoderDepth;
        json["num_heads"] = Heads;
        json["relative_attention_num_buckets"] = RelativeBuckets;
        json["relative_attention_max_distance"] = RelativeMaxDistance;
        T5FeedForwardName.Write(json, Activation, GatedFeedForward);
        json["dropout_rate"] = Dropout;
        json["classifier_dropout"] = ClassifierDropout;
        json["layer_norm_epsilon"] = LayerNormEpsilon;
        json["initializer_factor"] = InitializerRange;
        json["pad_token_id"] = PaddingId;
        json["decoder_start_token_id"] = DecoderStartId;
        if (EndId is not null)
        {
            json["eos_token_id"] = EndId;
        }
        json["tie_word_embeddings"] = TiedEmbeddings;
        json["scale_decoder_outputs"] = ScaledOutputs;
    }

    // Generation may end at one of several ids, a sequence has one end.
    private static int? End(ConfigJson json, int? defaultValue)
    {
        const string Key = "eos_token_id";
        if (json.Json[Key] is not JsonArray several)
        {
            return json.Json.ContainsKey(Key) ? json.IntOrNull(Key) : defaultValue;
        }
        int[] ends = [.. several.Select(end => end is JsonValue value && value.TryGetValue(out int id) ? id : throw json.Wrong(Key, "a whole number or several"))];
        return ends.Length == 1 ? ends[0] : null;
    }

    private void Check(ConfigJson json)
    {
        if (RelativeMaxDistance <= RelativeBuckets / 2)
        {
            throw json.Wrong("relative_attention_max_distance", $"more than half of 'relative_attention_num_buckets', which is {RelativeBuckets}");
        }
        if (json.Bool("is_decoder", false))
        {
            throw json.Wrong("is_decoder", "false: T5's decoder alone is not supported");
        }
        foreach ((string key, int id) in (ReadOnlySpan<(string, int)>)[("pad_token_id", PaddingId), ("decoder_start_token_id", DecoderStartId!.Value)])
        {
            if (id < 0 || id >= VocabularySize)
            {
                throw json.Wrong(key, $"an id below 'vocab_size', which is {VocabularySize}");
            }
        }
    }
}
