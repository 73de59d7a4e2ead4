using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tests.Tokenization.Oracle;

/// <summary>Where patterns cut texts, beside Hugging Face's own library, which runs them in Oniguruma.</summary>
public class PatternOracleTests
{
    private const int Texts = 400;

    public static TheoryData<string> Patterns =>
    [
        // Classes whose ranges an emoji must not fall into, and such that hold characters beyond U+FFFF.
        "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+", "[a-z\U00010400-\U0001044F\U000104B0-\U000104D3]+", "[\U0001F600]", "[^\U0001F600a ]+", "[\uFFF0-\U00010010]+", "[^\uE000-\U0010FFFF]+",
        // Literals, quantified.
        "\U0001F600", "\U0001F600+", "a\U0001F600?", "(\U0001F600|\U0001D6FC)+", "\U0001F44D{1}\U0001F3FD", @"\x{1F600}", @"[\x{1F300}-\x{1FAFF}]++", "\U0001F600*?\\s",
        // Properties.
        @"\p{Hiragana}+", @"\p{Katakana}", @"\p{Emoji}", @"\p{Emoji_Presentation}+", @"\p{Extended_Pictographic}", @"\p{Han}+", @"\p{^Han}+", @"\P{L}+", @"\p{Arabic}+|\p{Hebrew}+", @"\p{Deseret}+",
        @"\p{Alphabetic}+", @"[[:alpha:]]+", @"[[:^punct:]]+", @"[[:word:]]", @"\p{Other}", @"\p{LC}+", @"[\p{Greek}\p{Cyrillic}]+",
        // Sets of sets.
        @"[\p{L}&&[^\p{Han}]]+", @"[^\p{L}&&\p{Han}]+", "[\U0001F300-\U0001FAFF&&[^\U0001F600]]", @"[\p{So}&&[\U00010000-\U0010FFFF]]", @"[a[^b\U0001F600]]+", @"[^[^a-z]]+", @"[&&a]", @"[\W&&\S]+",
        // Classes by a letter, boundaries, what is around.
        @"\w+", @"\W+", @"[\w]+", @"[^\w]+", @"\d", @"\D+", @"\s+", @"\S+", @"\h+", @"\b", @"\B", @"\X", @"a\X?", @"\R", @"\N+", @"\O", ".", "(?m).+", "^.", ".$",
        "(?<=\U0001F600) ", "(?<!\U0001D6FC)b", "(?=\U00020000)", @"(?!\p{Emoji}).",
        // Case.
        "(?i)\U00010428+", "(?i)[a-z\U00010400]+", "(?i)[^k]+", "(?i:s)", "(?i)\u03C3", "(?i)[[:lower:]]", @"(?i)\x6B", "(?i)[\u00E0-\u00F6]+", "(?i)\u01C6", "(?-i)k", "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
        // Of published tokenizers.
        @"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @" ?[^(\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+", @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    ];

    public static TheoryData<string> PreTokenizerNames => [.. PreTokenizerJson.Names];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Patterns_cut_where_Oniguruma_cuts(string pattern)
    {
        JsonObject split = new() { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false };
        JsonObject file = Cutting(new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(split, ByteLevel()) });

        Compare(file, HostileTexts.Make(3, Texts, []));
    }

    [Theory]
    [MemberData(nameof(PreTokenizerNames))]
    public void Gguf_files_name_ways_to_cut_that_the_library_cuts_alike(string name) =>
        Compare(Cutting(PreTokenizerJson.Make(name)), HostileTexts.Make(4, Texts, []));

    [Fact]
    public void Properties_have_the_characters_that_Oniguruma_gives_them()
    {
        string[] categories = ["L", "LC", "Lu", "Lo", "M", "Mn", "N", "Nd", "Nl", "P", "Pc", "S", "So", "Z", "Zs", "C", "Cc", "Cf", "Cn", "Co"];
        string[] combined = ["Any", "Assigned", "ASCII", "Alnum", "Lower", "Upper", "Blank", "Graph", "Print", "Word", "XDigit", "Space", "Posix_Punct", "Cased Letter", "private-use"];
        foreach (string name in UnicodeFile.Properties.Names.Where(name => name[0] != '-').Concat(categories).Concat(combined))
        {
            JsonObject split = new() { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = $@"\p{{{name}}}+" }, ["behavior"] = "Isolated", ["invert"] = false };
            JsonObject file = Cutting(new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(split, ByteLevel()) });

            // All characters at which one of some sets begins or ends.
            Compare(file, [_ends.Value]);
        }
    }

    private static readonly Lazy<string> _ends = new(() =>
    {
        IEnumerable<int> bounds = UnicodeFile.Properties.Names.Select(name => UnicodeFile.Properties.Set(name)!).Append(GeneralCategories.Find("L")!).Append(GeneralCategories.Find("P")!)
            .Append(GeneralCategories.Find("S")!).Append(GeneralCategories.Find("C")!).SelectMany(set => set.Bounds);
        return string.Concat(bounds.SelectMany(bound => (int[])[bound - 1, bound]).Where(Rune.IsValid).Distinct().Order().Select(bound => new Rune(bound).ToString()));
    });

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false };

    // Each byte is a token, and another one where it begins a word: ids show where the text was cut.
    private static JsonObject Cutting(JsonObject preTokenizer)
    {
        string[] letters = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString())];
        return new JsonObject
        {
            ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = new JsonArray(), ["normalizer"] = null, ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = null, ["decoder"] = null,
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["continuing_subword_prefix"] = "##", ["merges"] = new JsonArray(),
                ["vocab"] = JsonSerializer.SerializeToNode(letters.Concat(letters.Select(letter => "##" + letter)).Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id)),
            },
        };
    }

    private static void Compare(JsonObject file, IEnumerable<string> texts)
    {
        using var oracle = ReferenceTokenizer.Open(file);
        var tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(file.ToJsonString()) });
        foreach (string text in texts)
        {
            int[] expected = oracle.Encode(text);
            int[] ids = tokenizer.Encode(text).Ids;
            Assert.True(expected.AsSpan().SequenceEqual(ids), $"{file["pre_tokenizer"]!.ToJsonString()}: {Show(expected)} expected, {Show(ids)} found");
        }
    }

    // The text with a bar where it was cut.
    private static string Show(int[] ids)
    {
        byte[] bytes = [.. ids.SelectMany((id, i) => id < 256 && i > 0 ? (byte[])[0, (byte)id] : [(byte)id])];
        string text = Encoding.UTF8.GetString(bytes).Replace('\0', '|');
        return string.Concat((text.Length > 300 ? text[..300] : text).Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"\\u{(int)unit:X4}"));
    }
}
