using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Offsets point into the text that the user gave, whatever the normalizer made of it.</summary>
public class AlignmentTests
{
    [Theory]
    [InlineData("Caf\u00E9 A", "Caf\u00E9|A")]
    [InlineData("Cafe\u0301 A", "Cafe\u0301|A", "Cafe|A")]
    [InlineData("\u0007Ca\u0000fe\u200B a", "Ca\u0000fe|a")]
    [InlineData("\u6211\u559C A", "\u6211|\u559C|A")]
    [InlineData("a\u00A0cafe\u3000a", "a|cafe|a")]
    [InlineData("\U0001F600 cafe", "\U0001F600|cafe")]
    [InlineData("x\u0301\u0301a", "x\u0301\u0301a")]
    public void Bert_normalizer_keeps_places(string text, string expected, string? alsoRight = null)
    {
        TextEncoder tokenizer = FromVocabulary("cafe", "a", "\u6211", "\u559C", "\U0001F600", "xa");

        string covered = string.Join('|', tokenizer.Encode(text, null, Plain).Covered(text));

        Assert.True(covered == expected || covered == alsoRight, $"found {covered}");
        Assert.DoesNotContain("[UNK]", tokenizer.Encode(text, null, Plain).Tokens);
    }

    // A character that is composed of several stands where the first of them stood, as in the reference.
    [Theory]
    [InlineData("""{"type":"Lowercase"}""", "\u0130A B", "i\u0307a|b", "\u0130A|B")]
    [InlineData("""{"type":"NFKC"}""", "\uFB01\u00BD b", "fi1\u20442|b", "\uFB01\u00BD|b")]
    [InlineData("""{"type":"NFC"}""", "e\u0301a b", "\u00E9a|b", "e\u0301a|b")]
    [InlineData("""{"type":"NFC"}""", "\u1112\u1161\u11AB b", "\uD55C|b", "\u1112|b")]
    [InlineData("""{"type":"NFD"}""", "\u00E9a b", "e\u0301a|b", "\u00E9a|b")]
    [InlineData("""{"type":"NFKD"}""", "\u2460b b", "1b|b", "\u2460b|b")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "  ab  ", "ab", "ab")]
    [InlineData("""{"type":"Replace","pattern":{"String":"--"},"content":" "}""", "a--b", "a|b", "a|b")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"\\d+"},"content":"#$1"}""", "a12b b", "a#$1b|b", "a12b|b")]
    [InlineData("""{"type":"Prepend","prepend":"_"}""", "ab b", "_ab|b", "ab|b")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Lowercase"}]}""", "\u00C9A b", "ea|b", "\u00C9A|b")]
    public void Normalizers_keep_places(string normalizer, string text, string words, string expected)
    {
        string[] pieces = words.Split('|');

        TokenEncoding encoding = FromJson(pieces, ("normalizer", normalizer)).Encode(text, null, Plain);

        Assert.Equal(pieces, encoding.Tokens);
        Assert.Equal(expected.Split('|'), encoding.Covered(text));
    }

    [Fact]
    public void Pieces_of_a_changed_word_have_places_of_their_own()
    {
        const string text = "na\u00EFve Caf\u00E9s";
        TokenEncoding encoding = FromVocabulary("nai", "##ve", "cafe", "##s").Encode(text, null, Plain);

        Assert.Equal(["nai", "##ve", "cafe", "##s"], encoding.Tokens);
        Assert.Equal(["na\u00EF", "ve", "Caf\u00E9", "s"], encoding.Covered(text));
        Assert.Equal([0, 0, 1, 1], encoding.WordIds);
    }

    [Fact]
    public void Places_count_from_the_beginning_of_the_text_behind_special_tokens_too()
    {
        const string text = "a [MASK] Caf\u00E9 [SEP] a";

        Assert.Equal(text.Split(' '), FromVocabulary("a", "cafe").Encode(text, null, Plain).Covered(text));
    }
}
