using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>The piece model of byte-pair encoding.</summary>
public class BpeModelTests
{
    private static readonly string[] _letters = ["a", "b", "c", "d"];

    [Theory]
    // The lowest rank goes first, wherever it stands, and of one rank the leftmost.
    [InlineData("abc", "b c|a b", "a|bc")]
    [InlineData("abc", "a b|b c", "ab|c")]
    [InlineData("aaa", "a a", "aa|a")]
    [InlineData("abab", "a b|ab ab", "abab")]
    [InlineData("abcd", "a b|c d|ab cd", "abcd")]
    [InlineData("abcd", "b c|a bc|ab cd|c d", "abc|d")]
    public void Merges_happen_in_the_order_of_their_ranks(string word, string merges, string expected)
    {
        string[] list = merges.Split('|');

        string[] made = [.. list.SelectMany(merge => merge.Split(' ').Append(merge.Replace(" ", "", StringComparison.Ordinal)))];
        TextEncoder tokenizer = SmallBpe.FromJson([.. _letters.Concat(made).Distinct()], list);

        Assert.Equal(expected.Split('|'), tokenizer.Encode(word).Tokens);
    }

    [Fact]
    public void Long_words_are_merged_like_short_ones()
    {
        string[] merges = ["a a", "a b", "aa aa", "b a", "ab ab", "aa b", "c d", "cd aa", "d d", "aab ab"];
        string[] pieces = [.. _letters, .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).Distinct()];
        TextEncoder tokenizer = SmallBpe.FromJson(pieces, merges);
        var random = new Random(5);
        for (int length = 1; length < 300; length += 3)
        {
            string word = string.Concat(Enumerable.Range(0, length).Select(_ => _letters[random.Next(10) % 4]));

            Assert.Equal(MergeByTheBook(word, merges), tokenizer.Encode(word).Tokens);
        }
    }

    [Theory]
    [InlineData("", "a|b")]
    [InlineData("\"unk_token\":\"<u>\",", "a|<u>|<u>|b|<u>")]
    [InlineData("\"unk_token\":\"<u>\",\"fuse_unk\":true,", "a|<u>|b|<u>")]
    public void Unknown_characters_are_passed_over_or_marked(string options, string expected)
    {
        TextEncoder tokenizer = SmallBpe.FromJson(["<u>", "a", "b"], [], options);

        Assert.Equal(expected.Split('|'), tokenizer.Encode("a\u00E9\u4E2Db\U0001F600").Tokens);
    }

    [Fact]
    public void Fused_unknown_characters_cover_all_of_them()
    {
        const string Text = "a\u00E9\U0001F600b";
        TextEncoder tokenizer = SmallBpe.FromJson(["<u>", "a", "b"], [], "\"unk_token\":\"<u>\",\"fuse_unk\":true,");

        Assert.Equal(["a", "\u00E9\U0001F600", "b"], tokenizer.Encode(Text).Covered(Text));
    }

    [Fact]
    public void Characters_that_are_no_piece_fall_back_to_their_bytes_where_all_of_those_are()
    {
        string[] bytes = ["<0xC3>", "<0xA9>", "<0xE4>"];
        TextEncoder tokenizer = SmallBpe.FromJson(["<u>", "a", .. bytes], [], "\"unk_token\":\"<u>\",\"byte_fallback\":true,");

        Assert.Equal(["a", "<0xC3>", "<0xA9>", "<u>"], tokenizer.Encode("a\u00E9\u4E2D").Tokens);
        Assert.Equal(["a", "\u00E9", "\u00E9", "\u4E2D"], tokenizer.Encode("a\u00E9\u4E2D").Covered("a\u00E9\u4E2D"));
    }

    [Fact]
    public void Marks_of_what_continues_and_ends_a_word_belong_to_pieces()
    {
        TextEncoder tokenizer = SmallBpe.FromJson(["a", "##b", "##b</w>", "a</w>", "ab</w>"], ["a ##b</w>"], "\"continuing_subword_prefix\":\"##\",\"end_of_word_suffix\":\"</w>\",",
            ("pre_tokenizer", """{"type":"WhitespaceSplit"}"""), ("decoder", """{"type":"BPEDecoder"}"""));

        int[] ids = tokenizer.Encode("abb a ab").Ids;

        Assert.Equal(["a", "##b", "##b</w>", "a</w>", "ab</w>"], ids.Select(tokenizer.IdToToken));
        Assert.Equal("a##b##b a ab", tokenizer.Decode(ids));
    }

    [Fact]
    public void A_word_that_is_a_piece_can_stay_whole_without_a_merge_to_it()
    {
        Assert.Equal(["abc"], SmallBpe.FromJson(["a", "b", "c", "abc"], [], "\"ignore_merges\":true,").Encode("abc").Tokens);
        Assert.Equal(["a", "b", "c"], SmallBpe.FromJson(["a", "b", "c", "abc"], []).Encode("abc").Tokens);
    }

    [Fact]
    public void Cutting_a_text_before_the_marks_of_words_changes_nothing()
    {
        string[] merges = ["\u2581 a", "\u2581 \u2581", "a b", "\u2581\u2581 \u2581\u2581", "\u2581a b"];
        string[] pieces = ["<u>", "\u2581", "a", "b", .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))];
        TextEncoder cut = SmallBpe.FromJson(pieces, merges, "\"unk_token\":\"<u>\",");
        // A piece with the mark within it keeps a text whole.
        TextEncoder whole = SmallBpe.FromJson([.. pieces, "x\u2581"], merges, "\"unk_token\":\"<u>\",");
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 90)).Select(_ => "\u2581\u2581ab\u00E9"[random.Next(5)]));

            Assert.Equal(whole.Encode(text).Ids, cut.Encode(text).Ids);
            Assert.Equal(whole.Encode(text).Offsets, cut.Encode(text).Offsets);
        }
    }

    [Fact]
    public void Threads_share_what_is_known()
    {
        string[] merges = ["a b", "ab ab", "c d"];
        TextEncoder tokenizer = SmallBpe.FromJson([.. _letters, "ab", "abab", "cd"], merges, "", ("pre_tokenizer", """{"type":"WhitespaceSplit"}"""));
        string[] words = [.. Enumerable.Range(0, 5000).Select(number => string.Concat(Enumerable.Range(0, 1 + (number % 9)).Select(place => _letters[number * (place + 7) % 4])))];

        Parallel.For(0, 8, _ => Assert.All(words, word => Assert.Equal(MergeByTheBook(word, merges), tokenizer.Encode(word).Tokens)));
    }

    // Sennrich et al. 2016, algorithm 1, with all pairs looked at for each merge.
    private static List<string> MergeByTheBook(string word, string[] merges)
    {
        List<string> symbols = [.. word.Select(letter => letter.ToString())];
        while (true)
        {
            int[] ranks = [.. symbols.Zip(symbols.Skip(1), (left, right) => Array.IndexOf(merges, $"{left} {right}")).Select(rank => rank < 0 ? int.MaxValue : rank)];
            if (ranks.Length == 0 || ranks.Min() == int.MaxValue)
            {
                return symbols;
            }
            int at = Array.IndexOf(ranks, ranks.Min());
            symbols[at] += symbols[at + 1];
            symbols.RemoveAt(at + 1);
        }
    }
}
