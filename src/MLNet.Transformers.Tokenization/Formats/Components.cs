using System.Text;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.Patterns;
using MLNet.Transformers.Tokenization.PreTokenizers;
using MLNet.Transformers.Tokenization.SentencePiece;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The components that a tokenizer.json can name, by type; an unknown type is refused with the known ones.</summary>
internal static class Components
{
    private static readonly Dictionary<string, Func<JsonNode, INormalizer>> _normalizers = new()
    {
        ["BertNormalizer"] = node => new BertNormalizer(
            node.Flag("clean_text", true), node.Flag("handle_chinese_chars", true), node.Get("strip_accents")?.Bool, node.Flag("lowercase", true)),
        ["Lowercase"] = _ => LowercaseNormalizer.Instance,
        ["NFC"] = _ => new UnicodeNormalizer(compatible: false, compose: true),
        ["NFD"] = _ => new UnicodeNormalizer(compatible: false, compose: false),
        ["NFKC"] = _ => new UnicodeNormalizer(compatible: true, compose: true),
        ["NFKD"] = _ => new UnicodeNormalizer(compatible: true, compose: false),
        ["Precompiled"] = node => Precompiled(node.Require("precompiled_charsmap")),
        ["StripAccents"] = _ => new MarkRemover(Characters.IsCombiningMark),
        ["Strip"] = node => new StripNormalizer(node.Flag("strip_left", true), node.Flag("strip_right", true)),
        ["Replace"] = node => new ReplaceNormalizer(Pattern(node.Require("pattern")), node.Require("content").Text),
        ["Prepend"] = node => new PrependNormalizer(node.Require("prepend").Text),
        ["ByteLevel"] = _ => new ByteLevelNormalizer(),
        ["Sequence"] = node => new SequenceNormalizer([.. node.Require("normalizers").Items.Select(Normalizer)]),
    };

    private static readonly Dictionary<string, Func<JsonNode, IPreTokenizer>> _preTokenizers = new()
    {
        ["BertPreTokenizer"] = _ => new BertPreTokenizer(),
        ["Whitespace"] = _ => new WhitespacePreTokenizer(),
        ["WhitespaceSplit"] = _ => new DelimiterPreTokenizer(Rune.IsWhiteSpace, Delimiter.Removed),
        ["Punctuation"] = node => new DelimiterPreTokenizer(Characters.IsPunctuation, Behavior(node, Delimiter.Isolated)),
        ["Digits"] = node => new DelimiterPreTokenizer(Rune.IsNumber, node.Flag("individual_digits", false) ? Delimiter.Isolated : Delimiter.Contiguous),
        ["ByteLevel"] = node => new ByteLevelPreTokenizer(node.Require("add_prefix_space").Bool, node.Flag("use_regex", true)),
        ["Metaspace"] = Metaspace,
        ["CharDelimiterSplit"] = node => new PatternPreTokenizer(new LiteralPattern(Character(node.Require("delimiter"))), Delimiter.Removed, invert: false),
        ["Split"] = node => new PatternPreTokenizer(Pattern(node.Require("pattern")), Behavior(node, null), node.Flag("invert", false)),
        ["Sequence"] = node => new SequencePreTokenizer([.. node.Require("pretokenizers").Items.Select(PreTokenizer)]),
    };

    private static readonly Dictionary<string, Func<JsonNode, TokenDecoder>> _decoders = new()
    {
        ["WordPiece"] = node => new WordPieceDecoder(node.Get("prefix")?.Text ?? "##", node.Flag("cleanup", true)),
        ["ByteLevel"] = _ => new ByteLevelDecoder(),
        ["ByteFallback"] = _ => new ByteFallbackDecoder(),
        ["Metaspace"] = node => new MetaspaceDecoder(Character(node.Require("replacement")), Scheme(node) != PrependScheme.Never),
        ["BPEDecoder"] = node => new WordEndDecoder(node.Get("suffix")?.Text ?? "</w>"),
        ["Fuse"] = _ => new FuseDecoder(),
        ["Replace"] = node => node.Require("pattern").Get("String")?.Text is { Length: > 0 } text
            ? new ReplaceTextDecoder(text, node.Require("content").Text)
            : new ReplaceDecoder(Pattern(node.Require("pattern")), node.Require("content").Text),
        ["Strip"] = node => new StripDecoder(
            node.Require("content").Text is [char one] ? one.Equals : throw node.Require("content").InvalidValue("one character"),
            node.Get("start")?.Int ?? 0, node.Get("stop")?.Int ?? 0),
        ["Sequence"] = node => new SequenceDecoder([.. node.Require("decoders").Items.Select(Decoder)]),
    };

    public static INormalizer Normalizer(JsonNode node) => Create(node, "normalizer", _normalizers);

    public static IPreTokenizer PreTokenizer(JsonNode node) => Create(node, "pre-tokenizer", _preTokenizers);

    public static TokenDecoder Decoder(JsonNode node) => Create(node, "decoder", _decoders);

    public static TokenizerException Unknown(JsonNode node, string kind, string type, IEnumerable<string> known) => new(
        $"'{node.File}': '{node.Place}' is a {kind} of the type '{type}', which is not supported. Known are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");

    private static T Create<T>(JsonNode node, string kind, Dictionary<string, Func<JsonNode, T>> byType)
    {
        string type = node.Require("type").Text;
        return byType.TryGetValue(type, out Func<JsonNode, T>? create) ? create(node) : throw Unknown(node, kind, type, byType.Keys);
    }

    // Rules in base64; none: nothing is replaced.
    private static INormalizer Precompiled(JsonNode node)
    {
        byte[] content = new byte[node.Text.Length];
        if (!Convert.TryFromBase64String(node.Text, content, out int length))
        {
            throw node.InvalidValue("base64");
        }
        return CharacterMap.Read(content.AsSpan(0, length), $"'{node.File}': '{node.Place}'") is { } map
            ? new PrecompiledNormalizer(map)
            : new SequenceNormalizer([]);
    }

    // {"String": ...} is meant literally, {"Regex": ...} is a pattern.
    private static ITextPattern Pattern(JsonNode node)
    {
        if (node.Get("String") is { } literal)
        {
            return new LiteralPattern(literal.Text);
        }
        try
        {
            string regex = node.Require("Regex").Text;
            return regex == Llama3Pattern.Source ? new Llama3Pattern() : new RegexPattern(regex);
        }
        catch (ArgumentException error)
        {
            throw new TokenizerException($"'{node.File}': '{node.Place}' is a regular expression that cannot be used: {error.Message}", error);
        }
    }

    private static MetaspacePreTokenizer Metaspace(JsonNode node) => new(Character(node.Require("replacement")), Scheme(node), node.Flag("split", true));

    // Files of the first releases say add_prefix_space instead; where a file says both they have to agree, as the reference demands.
    private static PrependScheme Scheme(JsonNode node)
    {
        bool? prefix = node.Get("add_prefix_space")?.Bool;
        if (node.Get("prepend_scheme") is not { } scheme)
        {
            return prefix ?? true ? PrependScheme.Always : PrependScheme.Never;
        }
        PrependScheme parsed = scheme.Text switch
        {
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            "always" => PrependScheme.Always,
            _ => throw scheme.InvalidValue("first, never or always"),
        };
        return prefix == false && parsed != PrependScheme.Never ? throw scheme.InvalidValue("never, since add_prefix_space is false") : parsed;
    }

    private static string Character(JsonNode node) => node.Text.EnumerateRunes().Count() == 1 ? node.Text : throw node.InvalidValue("one character");

    private static Delimiter Behavior(JsonNode node, Delimiter? defaultValue)
    {
        if (node.Get("behavior") is null && defaultValue is { } otherwise)
        {
            return otherwise;
        }
        JsonNode behavior = node.Require("behavior");
        return Enum.TryParse(behavior.Text, out Delimiter parsed) ? parsed : throw behavior.InvalidValue($"one of {string.Join(", ", Enum.GetNames<Delimiter>())}");
    }
}
