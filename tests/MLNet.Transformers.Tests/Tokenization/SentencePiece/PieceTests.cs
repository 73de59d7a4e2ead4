using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Tokenization.SentencePiece;
using static MLNet.Transformers.Tests.Tokenization.SentencePiece.SmallModels;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

/// <summary>How texts are normalized and split by a SentencePiece model.</summary>
public class PieceTests
{
    [Theory]
    [InlineData("ab", new[] { "▁", "ab" })]
    [InlineData("abc", new[] { "▁", "a", "bc" })]
    [InlineData("c", new[] { "▁", "<unk>" })]
    [InlineData("ccab", new[] { "▁", "<unk>", "ab" })]
    public void Unigram_takes_the_pieces_of_the_highest_sum(string text, string[] pieces)
    {
        TextEncoder tokenizer = Alone(Unigram(
            ("<unk>", 0, Unknown), ("▁", -1, Normal), ("a", -2, Normal), ("b", -2, Normal), ("ab", -3, Normal), ("bc", -4, Normal), ("abcd", 5, Unused)));

        Assert.Equal(pieces, tokenizer.Encode(text).Tokens);
    }

    [Fact]
    public void Unigram_writes_unknown_characters_as_bytes_where_the_model_falls_back_to_them()
    {
        TextEncoder tokenizer = Alone(Model([("<unk>", 0, Unknown), ("▁", -1, Normal), .. Bytes()], [.. Number(3, 1), .. Number(35, 1)], []));

        TokenEncoding encoding = tokenizer.Encode("é😀");

        Assert.Equal(["▁", "<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"], encoding.Tokens);
        Assert.Equal([new(0, 1), new(0, 1), new(0, 1), new(1, 3), new(1, 3), new(1, 3), new TextSpan(1, 3)], encoding.Offsets);
        Assert.Equal("é😀", tokenizer.Decode(encoding.Ids));
        Assert.Equal("\uFFFD\uFFFD", tokenizer.Decode(encoding.Ids[3..5]));
    }

    [Fact]
    public void Byte_pairs_are_joined_by_score_and_from_the_left()
    {
        TextEncoder tokenizer = Alone(Bpe(
            [.. LlamaPieces, ("▁", -9, Normal), ("a", -9, Normal), ("b", -9, Normal), ("aa", -2, Normal), ("ab", -1, Normal), ("▁a", -3, Normal)]));

        Assert.Equal(["▁", "aa", "a"], tokenizer.Encode("aaa").Tokens);
        Assert.Equal(["▁a", "ab"], tokenizer.Encode("aab").Tokens);
    }

    [Fact]
    public void A_piece_that_is_not_used_comes_apart_again()
    {
        TextEncoder tokenizer = Alone(Bpe(
            [.. LlamaPieces, ("▁", -9, Normal), ("a", -9, Normal), ("b", -9, Normal), ("ab", -1, Unused), ("abb", -2, Normal)]));

        Assert.Equal(["▁", "a", "b"], tokenizer.Encode("ab").Tokens);
        Assert.Equal(["▁", "abb"], tokenizer.Encode("abb").Tokens);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pieces_of_the_users_own_are_always_taken(int algorithm)
    {
        TextEncoder tokenizer = Alone(Model(
            [("<unk>", 0, Unknown), ("▁", -1, Normal), ("a", -1, Normal), ("▁a", -0.5f, Normal), ("b", -1, Normal), ("ab", -0.5f, Normal), ("<->", 0, UserDefined)],
            Number(3, algorithm), []));

        Assert.Equal(["▁a", "<->", "b"], tokenizer.Encode("a<->b").Tokens);
    }

    [Theory]
    [InlineData("  a   b  ", "▁a▁b")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("A", "▁a␣b")]
    [InlineData("xA", "▁xa␣b")]
    public void Blanks_and_rules_are_applied(string text, string expected)
    {
        SentencePieceModel model = SentencePieceModelFile.Read(
            Model([("<unk>", 0, Unknown)], [], Message(2, CharacterMap('A', "a b"))), "small");

        AlignedText normalized = new SentencePieceNormalizer(model).Normalize(AlignedText.Of(text.AsMemory(), 0));

        Assert.Equal(expected.Replace('␣', '▁'), normalized.Characters.ToString());
    }

    [Fact]
    public void Normalized_text_keeps_its_places()
    {
        SentencePieceModel model = SentencePieceModelFile.Read(Model([("<unk>", 0, Unknown)], [], Message(2, CharacterMap('A', "a b"))), "small");

        AlignedText normalized = new SentencePieceNormalizer(model).Normalize(AlignedText.Of("  xA  y".AsMemory(), 10));

        Assert.Equal("▁xa▁b▁y", normalized.Characters.ToString());
        Assert.Equal([12, 12, 13, 13, 13, 14, 16], Enumerable.Range(0, 7).Select(normalized.OriginalStart));
        Assert.Equal([13, 13, 14, 14, 14, 15, 17], Enumerable.Range(0, 7).Select(normalized.OriginalEnd));
    }

    [Fact]
    public void A_trie_gives_what_a_dictionary_gives()
    {
        var random = new Random(7);
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < 5000; i++)
        {
            values[new string([.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x4E00, 0x4F00) : random.Next('a', 'h')))])] = i;
        }
        var trie = new PieceTrie(values.Select(item => (item.Key, item.Value)));

        Assert.All(values, item => Assert.Equal(item.Value, trie.Find(item.Key)));
        Assert.Equal(-1, trie.Find("zz"));
        Assert.Equal(-1, trie.Find(""));
        for (int i = 0; i < 5000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)random.Next('a', 'j'))]);
            string? longest = Enumerable.Range(1, text.Length).Select(length => text[..length]).LastOrDefault(values.ContainsKey);
            Assert.Equal(longest?.Length ?? 0, trie.LongestPrefix(text, out int value));
            Assert.Equal(longest is null ? -1 : values[longest], value);
        }
    }
}
