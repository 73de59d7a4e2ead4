using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// The tokenizer that a GGUF file holds, as the files that the reference saves: tokenizer.json and tokenizer_config.json (reference:
/// integrations/ggml.py and convert_slow_tokenizer.py; llama.cpp's llama-vocab.cpp for what a file means).
/// </summary>
internal static class GgufTokenizer
{
    public const string TokenizerFile = "tokenizer.json";
    public const string ConfigFile = "tokenizer_config.json";

    public const string ModelKey = Prefix + "model";
    public const string SentencePiece = "llama";

    private const string Prefix = "tokenizer.ggml.";
    private const string ChatKey = "tokenizer.chat_template";

    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly HashSet<string> _known =
    [
        ModelKey, TokenizerVocabulary.PreKey, TokenizerVocabulary.TokensKey, TokenizerVocabulary.TypesKey, TokenizerVocabulary.MergesKey,
        TokenizerVocabulary.ScoresKey, TokenizerVocabulary.BeginKey, TokenizerVocabulary.EndKey, TokenizerVocabulary.SpacePrefixKey,
        Prefix + "token_type_count",
    ];

    // Roles of the reference, and the file's.
    private static readonly (string Name, string Role)[] _roles =
    [
        ("bos_token", GgufSpecialTokens.Begin), ("eos_token", GgufSpecialTokens.End), ("unk_token", GgufSpecialTokens.Unknown),
        ("pad_token", GgufSpecialTokens.Padding),
    ];

    /// <summary>Whether there is a tokenizer in the file.</summary>
    public static bool IsIn(GgufMetadata metadata) => metadata.Has(ModelKey) && metadata.Text(ModelKey) is not ("none" or "no_vocab");

    /// <summary>Contents of the files by their names.</summary>
    /// <exception cref="CheckpointException">The kind of tokenizer, or a setting of it, is not known, or its lists do not fit together.</exception>
    public static IReadOnlyDictionary<string, byte[]> Files(GgufMetadata metadata)
    {
        RefuseUnknown(metadata);
        var vocabulary = TokenizerVocabulary.Read(metadata);
        JsonObject json = metadata.Text(ModelKey) switch
        {
            "gpt2" => ByteLevelJson.ToJson(metadata, vocabulary),
            SentencePiece => SentencePieceJson.ToJson(metadata, vocabulary),
            _ => throw metadata.InvalidValue(ModelKey, "'gpt2' or 'llama'"),
        };
        return new Dictionary<string, byte[]>
        {
            [TokenizerFile] = JsonSerializer.SerializeToUtf8Bytes(json, _plain),
            [ConfigFile] = JsonSerializer.SerializeToUtf8Bytes(Config(metadata, vocabulary), _plain),
        };
    }

    private static void RefuseUnknown(GgufMetadata metadata)
    {
        const string SpaceKey = Prefix + "remove_extra_whitespaces";
        // Ids of tokens with a role (end of turn, fill in the middle) change nothing in how a text is split.
        foreach (string key in metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && !_known.Contains(key)))
        {
            bool harmless = key.EndsWith("_token_id", StringComparison.Ordinal) || key.EndsWith("_token_ids", StringComparison.Ordinal)
                || (key is SpaceKey or Prefix + "add_sep_token" && metadata.Bool(key) == false);
            if (!harmless)
            {
                throw metadata.InvalidValue(key, "no such key: what it means for the tokenizer is not known");
            }
        }
    }

    private static JsonObject Config(GgufMetadata metadata, TokenizerVocabulary vocabulary)
    {
        var config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["clean_up_tokenization_spaces"] = false };
        foreach ((string name, string role) in _roles)
        {
            if (vocabulary.TokenOf(role) is { } token)
            {
                config[name] = token;
            }
        }
        config["add_bos_token"] = vocabulary.AddBegin;
        config["add_eos_token"] = vocabulary.AddEnd;
        if (metadata.Int(GgufConfig.ContextKey) is { } length)
        {
            config["model_max_length"] = length;
        }
        if (ChatTemplate(metadata) is { } template)
        {
            config["chat_template"] = template;
        }
        return config;
    }

    // One template is a text; several are a list of names and templates.
    private static JsonNode? ChatTemplate(GgufMetadata metadata)
    {
        string? template = metadata.Text(ChatKey);
        string[] named = [.. metadata.Keys.Where(key => key.StartsWith(ChatKey + ".", StringComparison.Ordinal))];
        if (named.Length == 0)
        {
            return template;
        }
        IEnumerable<(string Name, string? Template)> all = named.Select(key => (Name: key[(ChatKey.Length + 1)..], Template: metadata.Text(key)));
        return new JsonArray([.. (template is null ? all : all.Prepend((Name: "default", Template: template)))
            .Select(item => new JsonObject { ["name"] = item.Name, ["template"] = item.Template })]);
    }
}
