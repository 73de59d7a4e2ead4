using System.Text;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>The config.json that a GGUF file's metadata amount to. Keys that would change the network and have no counterpart are refused by name.</summary>
internal static class GgufConfig
{
    public const string ArchitectureKey = "general.architecture";
    public const string Llama = "llama";
    public const string HeadsKey = "llama.attention.head_count";
    public const string KeyHeadsKey = "llama.attention.head_count_kv";
    public const string ContextKey = Prefix + "context_length";

    private const string Prefix = "llama.";
    private const string KeyLength = Prefix + "attention.key_length";
    private const string ValueLength = Prefix + "attention.value_length";
    private const string RotaryLength = Prefix + "rope.dimension_count";
    private const double DefaultRopeBase = 10_000;

    // What llama.cpp takes where the file says nothing.
    private static readonly (string Key, Func<GgufMetadata, string, bool> IsDefault)[] _onlyDefaults =
    [
        (Prefix + "attention.causal", (metadata, key) => metadata.Bool(key) == true),
        (Prefix + "attention.scale", (metadata, key) => metadata.Number(key) == 0),
        (Prefix + "expert_count", (metadata, key) => metadata.Number(key) == 0),
        (Prefix + "expert_used_count", (metadata, key) => metadata.Number(key) == 0),
        (Prefix + "use_parallel_residual", (metadata, key) => metadata.Bool(key) == false),
    ];

    private static readonly (string Role, string Name)[] _roles =
    [
        (GgufSpecialTokens.Begin, "bos_token_id"), (GgufSpecialTokens.End, "eos_token_id"), (GgufSpecialTokens.Padding, "pad_token_id"),
    ];

    private static readonly HashSet<string> _known =
    [
        ContextKey, Prefix + "embedding_length", Prefix + "block_count", Prefix + "feed_forward_length", HeadsKey, KeyHeadsKey,
        Prefix + "attention.layer_norm_rms_epsilon", KeyLength, ValueLength, RotaryLength, Prefix + "rope.freq_base", Prefix + "vocab_size",
        // How the file came about.
        Prefix + "tensor_data_layout",
        .. RopeScaling.Keys, .. _onlyDefaults.Select(item => item.Key),
    ];

    /// <exception cref="CheckpointException">The architecture is none that is supported.</exception>
    public static void CheckArchitecture(GgufMetadata metadata)
    {
        if (metadata.Text(ArchitectureKey) is not Llama)
        {
            throw metadata.InvalidValue(ArchitectureKey, $"'{Llama}', the one architecture that is read from GGUF files");
        }
    }

    /// <summary>Heads of queries, or of keys and values, which the queries' are where the file says nothing.</summary>
    public static int Heads(GgufMetadata metadata, string key) => metadata.Int(key, minimum: 1) ?? metadata.RequiredInt(HeadsKey);

    /// <summary>The tokens with a role; a file without a tokenizer has as many tokens as rows of the embedding.</summary>
    public static GgufSpecialTokens SpecialTokens(GgufContents file) =>
        GgufSpecialTokens.Read(file.Metadata, file.Metadata.Length(TokenizerVocabulary.TokensKey) ?? Rows(file, LlamaTensors.Embedding));

    /// <summary>The text of a config.json, as LLaMA's class of the reference reads it.</summary>
    /// <exception cref="CheckpointException">A value is missing, of another type, or has no counterpart in the reference.</exception>
    public static byte[] ToJson(GgufContents file)
    {
        GgufMetadata metadata = file.Metadata;
        CheckArchitecture(metadata);
        RefuseUnknown(metadata);
        int hidden = metadata.RequiredInt(Prefix + "embedding_length");
        int heads = metadata.RequiredInt(HeadsKey);
        int headWidth = HeadWidth(metadata, hidden, heads);
        double ropeBase = metadata.Number(Prefix + "rope.freq_base") ?? DefaultRopeBase;
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = Llama,
            ["vocab_size"] = Rows(file, LlamaTensors.Embedding),
            ["hidden_size"] = hidden,
            ["intermediate_size"] = metadata.RequiredInt(Prefix + "feed_forward_length"),
            ["num_hidden_layers"] = metadata.RequiredInt(Prefix + "block_count"),
            ["num_attention_heads"] = heads,
            ["num_key_value_heads"] = Heads(metadata, KeyHeadsKey),
            ["head_dim"] = headWidth,
            ["hidden_act"] = "silu",
            ["max_position_embeddings"] = metadata.RequiredInt(ContextKey),
            ["initializer_range"] = 0.02,
            ["rms_norm_eps"] = metadata.Number(Prefix + "attention.layer_norm_rms_epsilon")
                ?? throw metadata.InvalidValue(Prefix + "attention.layer_norm_rms_epsilon", "a number"),
            ["rope_theta"] = ropeBase,
            ["rope_scaling"] = RopeScaling.Read(file, ropeBase, headWidth),
            ["tie_word_embeddings"] = !file.Tensors.ContainsKey(LlamaTensors.Output),
            ["attention_bias"] = file.Tensors.ContainsKey(LlamaTensors.QueryBias),
            ["mlp_bias"] = file.Tensors.ContainsKey(LlamaTensors.GateBias),
            ["torch_dtype"] = "float32",
        };
        GgufSpecialTokens special = SpecialTokens(file);
        foreach ((string role, string name) in _roles)
        {
            if (special[role] is { } id)
            {
                json[name] = id;
            }
        }
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static void RefuseUnknown(GgufMetadata metadata)
    {
        foreach (string key in metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && !_known.Contains(key)))
        {
            throw metadata.InvalidValue(key, "no such key: what it means for the network is not known");
        }
        foreach ((string key, Func<GgufMetadata, string, bool> isDefault) in _onlyDefaults.Where(item => metadata.Has(item.Key)))
        {
            if (!isDefault(metadata, key))
            {
                throw metadata.InvalidValue(key, "the value of an ordinary LLaMA");
            }
        }
    }

    private static int HeadWidth(GgufMetadata metadata, int hidden, int heads)
    {
        if (!metadata.Has(KeyLength) && hidden % heads != 0)
        {
            throw metadata.InvalidValue(HeadsKey, $"a divisor of the width {hidden}, as there is no '{KeyLength}'");
        }
        int width = metadata.Int(KeyLength, minimum: 1) ?? hidden / heads;
        foreach (string key in new[] { ValueLength, RotaryLength })
        {
            if ((metadata.Int(key) ?? width) != width)
            {
                throw metadata.InvalidValue(key, $"{width}, the width of a head");
            }
        }
        return width;
    }

    private static long Rows(GgufContents file, string name) =>
        file.Tensors.TryGetValue(name, out GgufTensor? tensor) && tensor.Shape.Length == 2
            ? tensor.Shape[0]
            : throw new CheckpointException($"'{file.Path}' has no tensor '{name}' with a row for each token.");
}
