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

    private static readonly PreTokenizer _gpt2 = new(() => ByteLevel(useRegex: true));
    private static readonly PreTokenizer _digits = new(() => Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(useRegex: true)));
    private static readonly PreTokenizer _llama3 = new(() => Sequence(Split(Llama3Pattern), ByteLevel(useRegex: false)));

    private static readonly Dictionary<string, PreTokenizer> _known = new()
    {
        [Default] = new(() => Sequence(
            Split(@"[\p{P}\$\+<=>\^~\|]+"), Split(Gpt2Pattern), Split(@"\p{N}+"), Split("[0-9][0-9][0-9]"), ByteLevel(useRegex: false))),
        ["gpt-2"] = _gpt2, ["phi-2"] = _gpt2, ["mpt"] = _gpt2, ["olmo"] = _gpt2, ["jais"] = _gpt2,
        ["smollm"] = _digits, ["starcoder"] = _digits, ["refact"] = _digits, ["command-r"] = _digits, ["codeshell"] = _digits, ["exaone"] = _digits,
        ["minerva-7b"] = _digits,
        ["llama-bpe"] = _llama3 with { IgnoreMerges = true, AddsBegin = true },
        ["llama3"] = _llama3 with { IgnoreMerges = true, AddsBegin = true },
        ["llama-v3"] = _llama3 with { IgnoreMerges = true, AddsBegin = true },
        ["falcon3"] = _llama3 with { IgnoreMerges = true, AddsBegin = true },
        ["dbrx"] = _llama3, ["smaug-bpe"] = _llama3,
        ["qwen2"] = new(() => Sequence(Split(Qwen2Pattern), ByteLevel(useRegex: false))) { Normalizer = "NFC" },
        ["deepseek-r1-qwen"] = new(() => Sequence(Split(Qwen2Pattern), ByteLevel(useRegex: false))) { Normalizer = "NFC" },
        ["tekken"] = new(() => Sequence(Split(TekkenPattern), ByteLevel(useRegex: false))) { IgnoreMerges = true, AddsBegin = true },
    };

    /// <summary>The way that a file names; "default" where it names none, as in llama.cpp.</summary>
    /// <exception cref="CheckpointException">The name is not known.</exception>
    public static PreTokenizer Find(GgufMetadata metadata) =>
        _known.TryGetValue(metadata.Text(TokenizerVocabulary.PreKey) ?? Default, out PreTokenizer? found)
            ? found
            : throw metadata.Wrong(TokenizerVocabulary.PreKey, $"one of {string.Join(", ", _known.Keys)}");

    /// <summary>Whether texts begin with a token of their own where the file does not say.</summary>
    public static bool AddsBegin(GgufMetadata metadata) => Find(metadata).AddsBegin;

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
