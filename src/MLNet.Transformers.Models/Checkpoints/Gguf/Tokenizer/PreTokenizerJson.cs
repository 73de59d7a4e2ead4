using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// How byte-level tokenizers split a text before they merge, by the names that GGUF files give (source: llama.cpp's llama-vocab.cpp; patterns as in
/// the published tokenizer.json files that the names stand for).
/// </summary>
internal static class PreTokenizerJson
{
    private const string Default = "default";

    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Rest = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Llama3Pattern = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + Rest;
    private const string Qwen2Pattern = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + Rest;

    private const string TekkenPattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // DeepSeek's letters are those of scripts with two cases.
    private const string DeepSeekLetters =
        "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼ"
        + "ℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ"
        + "\U00010400-\U0001044F\U000104B0-\U000104D3\U000104D8-\U000104FB\U00010C80-\U00010CB2\U00010CC0-\U00010CF2\U000118A0-\U000118DF\U0001E900-\U0001E943";

    private const string DeepSeekIdeographs = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";

    private const string DeepSeek3Rest =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string BloomPattern = @" ?[^(\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

    private static readonly PreTokenizer _gpt2 = new(() => ByteLevel(useRegex: true));
    private static readonly PreTokenizer _digits = new(() => Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(useRegex: true)));
    private static readonly PreTokenizer _llama3 = Splits(Llama3Pattern);
    private static readonly PreTokenizer _beginningLlama3 = _llama3 with { IgnoreMerges = true, AddsBegin = true };
    private static readonly PreTokenizer _qwen2 = Splits(Qwen2Pattern);

    private static readonly Dictionary<string, PreTokenizer> _known = new()
    {
        [Default] = Splits(@"[\p{P}\$\+<=>\^~\|]+", Gpt2Pattern, @"\p{N}+", "[0-9][0-9][0-9]"),
        ["gpt-2"] = _gpt2, ["phi-2"] = _gpt2, ["mpt"] = _gpt2, ["olmo"] = _gpt2, ["jais"] = _gpt2, ["trillion"] = _gpt2, ["mellum"] = _gpt2, ["gigachat"] = _gpt2,
        ["exaone4"] = _gpt2, ["granite-docling"] = _gpt2,
        ["smollm"] = _digits, ["starcoder"] = _digits, ["refact"] = _digits, ["command-r"] = _digits, ["codeshell"] = _digits, ["exaone"] = _digits,
        ["minerva-7b"] = _digits,
        ["llama-bpe"] = _beginningLlama3, ["llama3"] = _beginningLlama3, ["llama-v3"] = _beginningLlama3, ["falcon3"] = _beginningLlama3,
        ["pixtral"] = _beginningLlama3, ["midm-2.0"] = _beginningLlama3,
        ["dbrx"] = _llama3, ["smaug-bpe"] = _llama3,
        ["qwen2"] = _qwen2 with { Normalizer = "NFC" }, ["deepseek-r1-qwen"] = _qwen2 with { Normalizer = "NFC" }, ["megrez"] = _qwen2, ["stablelm2"] = _qwen2,
        ["seed-coder"] = Splits(Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"),
        ["deepseek-llm"] = Splits(
            @"[\r\n]", $@"\s?[{DeepSeekLetters}]+", @"\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+", @"\s+$", DeepSeekIdeographs, @"\p{N}+"),
        ["deepseek-coder"] = Splits(@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepSeekIdeographs, @"\p{N}"),
        ["deepseek-v3"] = Splits(@"\p{N}{1,3}", @"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+", DeepSeek3Rest),
        ["bloom"] = Splits(BloomPattern), ["poro-chat"] = Splits(BloomPattern), ["viking"] = Splits(BloomPattern, @"\p{N}"),
        ["tekken"] = Splits(TekkenPattern) with { IgnoreMerges = true, AddsBegin = true },
    };

    /// <summary>The names that are known.</summary>
    public static IEnumerable<string> Names => _known.Keys;

    /// <summary><c>pre_tokenizer</c> of a tokenizer.json, by the name that a file gives.</summary>
    public static JsonObject Make(string name) => _known[name].Make();

    /// <summary>The way that a file names; "default" where it names none, as in llama.cpp.</summary>
    /// <exception cref="CheckpointException">The name is not known.</exception>
    public static PreTokenizer Find(GgufMetadata metadata) =>
        _known.TryGetValue(metadata.Text(TokenizerVocabulary.PreKey) ?? Default, out PreTokenizer? found)
            ? found
            : throw metadata.InvalidValue(TokenizerVocabulary.PreKey, $"one of {string.Join(", ", Names)}");

    /// <summary>Whether texts begin with a token of their own where the file does not say.</summary>
    public static bool AddsBegin(GgufMetadata metadata) => Find(metadata).AddsBegin;

    // Each pattern cuts what those before it left.
    private static PreTokenizer Splits(params string[] patterns) => new(() => Sequence([.. patterns.Select(Split), ByteLevel(useRegex: false)]));

    private static JsonObject Sequence(params JsonNode[] parts) => new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(parts) };

    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ByteLevel(bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };
}

/// <summary>One way to split a text.</summary>
/// <param name="Make">Makes <c>pre_tokenizer</c> of a tokenizer.json.</param>
internal sealed record PreTokenizer(Func<JsonObject> Make)
{
    /// <summary>Whether a word that is in the vocabulary is taken whole, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    public bool AddsBegin { get; init; }

    /// <summary>The Unicode normalization of the published tokenizer, which GGUF files do not say; null: none.</summary>
    public string? Normalizer { get; init; }
}
