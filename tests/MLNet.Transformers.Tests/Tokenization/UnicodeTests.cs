using System.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Character classes and normalization forms, which do not depend on the runtime's own data.</summary>
public class UnicodeTests
{
    private const int Texts = 300;

    // Assigned before Unicode 9, so that every runtime knows them: letters, marks of many classes, Hangul, compatibility characters.
    private static readonly (int First, int Last)[] _blocks =
    [
        (0x20, 0x7E), (0xA0, 0x233), (0x300, 0x36F), (0x370, 0x373), (0x591, 0x5BD), (0x622, 0x65F), (0x915, 0x94D), (0x9BC, 0x9C4), (0xE33, 0xE3A), (0x1100, 0x11FF),
        (0x1E00, 0x1EF9), (0x1F00, 0x1F15), (0x212A, 0x212B), (0x3041, 0x309A), (0xAC00, 0xD7A3), (0xF900, 0xFA0D), (0xFB1D, 0xFB36), (0xFF66, 0xFF9F), (0x1D15E, 0x1D164),
    ];

    [Theory]
    [InlineData("NFC", NormalizationForm.FormC)]
    [InlineData("NFD", NormalizationForm.FormD)]
    [InlineData("NFKC", NormalizationForm.FormKC)]
    [InlineData("NFKD", NormalizationForm.FormKD)]
    public void Normalization_forms_are_those_of_the_standard(string type, NormalizationForm form)
    {
        // The runtime normalizes nothing where globalization is invariant.
        Assert.SkipUnless("\u00E9".Normalize(NormalizationForm.FormD).Length == 2, "The runtime has no Unicode normalization to compare with.");
        var random = new Random(9);
        for (int i = 0; i < Texts; i++)
        {
            string text = RandomText(random);
            // An added token that is looked for in normalized text shows what normalization makes of it.
            TextEncoder tokenizer = FromJson([],
                ("normalizer", $$"""{"type":"{{type}}"}"""),
                ("added_tokens", $$"""[{"id":5,"content":{{System.Text.Json.JsonSerializer.Serialize(text)}},"normalized":true}]"""));

            Assert.Equal(text.Normalize(form), tokenizer.IdToToken(5));
        }
    }

    [Theory]
    [InlineData("a\uFFFEb")]
    [InlineData("a\uFDD0\u0301b")]
    [InlineData("a\U0010FFFF\u00E9b")]
    public void Noncharacters_are_characters_like_others(string text)
    {
        Assert.Equal([1], FromVocabulary("a", "##b").Encode(text, null, Plain).Ids);
        Assert.Equal([1], FromJson([], ("normalizer", """{"type":"NFKC"}""")).Encode(text, null, Plain).Ids);
    }

    [Theory]
    // Punctuation since before Unicode 9, and a Canadian sign that was punctuation then.
    [InlineData("a\u2E42b", "a|\u2E42|b")]
    [InlineData("a\u166Db", "a|\u166D|b")]
    // Since Unicode 9: no punctuation for the reference.
    [InlineData("a\u2E43b", "a\u2E43b")]
    // The last and the first character of the blocks of Chinese characters, and one of the 256 between them that the reference passes over.
    [InlineData("a\U0002B81Fb", "a|\U0002B81F|b")]
    [InlineData("a\U0002B820b", "a\U0002B820b")]
    [InlineData("a\U0002B920b", "a|\U0002B920|b")]
    public void Words_are_cut_where_the_reference_cuts_them(string text, string expected) =>
        Assert.Equal(expected.Split('|'), FromVocabulary().Encode(text, null, Plain).Covered(text));

    [Theory]
    [InlineData("NFC", "e\u0301x", "0-1 2-3")]
    [InlineData("NFD", "\u00E9x", "0-1 0-1 1-2")]
    // Marks that change places have their places in the new order.
    [InlineData("NFD", "e\u0301\u0323", "0-1 1-2 2-3")]
    [InlineData("NFKC", "\uFB01x", "0-1 0-1 1-2")]
    public void Normalized_characters_have_the_place_of_what_they_came_from(string type, string text, string expected)
    {
        string[] pieces = ["e", "\u00E9", "f", "##i", "##x", "##\u0301", "##\u0323"];
        TextEncoder tokenizer = FromJson(pieces, ("normalizer", $$"""{"type":"{{type}}"}"""));

        Assert.Equal(expected, string.Join(' ', tokenizer.Encode(text, null, Plain).Offsets.Select(span => $"{span.Start}-{span.End}")));
    }

    [Theory]
    [InlineData(@"\\p{N}", "a\U0001D7D8b", "a|\U0001D7D8|b")]
    [InlineData(@"\\p{L}+", "1\U0001D4B3y2", "1|\U0001D4B3y|2")]
    [InlineData(@"[^\\s\\p{L}\\p{N}]+", "a\U0001F600!b", "a|\U0001F600!|b")]
    public void Patterns_see_characters_beyond_the_first_plane(string pattern, string text, string expected)
    {
        TextEncoder tokenizer = FromJson([],
            ("pre_tokenizer", $$"""{"type":"Split","pattern":{"Regex":"{{pattern}}"},"behavior":"Isolated","invert":false}"""));

        Assert.Equal(expected.Split('|'), tokenizer.Encode(text, null, Plain).Covered(text));
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (int length = random.Next(1, 9); length > 0; length--)
        {
            (int first, int last) = _blocks[random.Next(_blocks.Length)];
            text.Append(char.ConvertFromUtf32(random.Next(first, last + 1)));
        }
        return text.ToString();
    }
}
