using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

public class TruncationTests
{
    private static readonly TextEncoder _tokenizer = FromVocabulary("a", "b", "c", "d", "e", "f");

    [Theory]
    [InlineData(TruncationStrategy.LongestFirst, "a b c d", "e f", 7, "a b e f")]
    [InlineData(TruncationStrategy.LongestFirst, "a b c d", "e f", 6, "a b e")]
    [InlineData(TruncationStrategy.LongestFirst, "a b c d", "e f", 5, "a e")]
    [InlineData(TruncationStrategy.LongestFirst, "e f", "a b c d", 6, "e a b")]
    [InlineData(TruncationStrategy.OnlyFirst, "a b c d", "e f", 6, "a e f")]
    [InlineData(TruncationStrategy.OnlySecond, "e f", "a b c d", 6, "e f a")]
    [InlineData(TruncationStrategy.LongestFirst, "a b", "c", 6, "a b c")]
    public void Texts_are_cut_as_the_strategy_says(TruncationStrategy strategy, string text, string pair, int maxTokens, string kept)
    {
        TokenEncoding encoding = _tokenizer.Encode(text, pair, new EncodeOptions { MaxTokens = maxTokens, Truncation = strategy });

        Assert.Equal(kept.Split(' '), encoding.Tokens.Where((_, i) => encoding.SpecialTokensMask[i] == 0));
        Assert.True(encoding.Length <= maxTokens);
        Assert.Equal((text + pair).Count(char.IsLetter) - kept.Count(char.IsLetter), encoding.DroppedTokens);
    }

    [Fact]
    public void Left_truncation_keeps_the_end()
    {
        TextEncoder tokenizer = FromVocabulary("""{"truncation_side":"left","padding_side":"left"}""", ["a", "b", "c"]);

        TokenEncoding encoding = tokenizer.Encode("a b c", null, new EncodeOptions { MaxTokens = 4 });

        Assert.Equal((Side.Left, Side.Left), (tokenizer.TruncationSide, tokenizer.PaddingSide));
        Assert.Equal(["[CLS]", "b", "c", "[SEP]"], encoding.Tokens);
        Assert.Equal(new TextSpan(2, 3), encoding.Offsets[1]);
        Assert.Equal(1, encoding.DroppedTokens);
    }

    [Fact]
    public void Of_a_long_text_no_more_is_read_than_needed()
    {
        string text = string.Concat(Enumerable.Repeat("a ", 500_000));

        TokenEncoding encoding = _tokenizer.Encode(text, null, new EncodeOptions { MaxTokens = 16 });

        Assert.Equal(16, encoding.Length);
        Assert.True(encoding.DroppedTokens > 0);
    }

    [Fact]
    public void Room_for_nothing_but_special_tokens_leaves_just_them()
    {
        Assert.Equal(["[CLS]", "[SEP]"], _tokenizer.Encode("a b", null, new EncodeOptions { MaxTokens = 2 }).Tokens);
    }

    [Fact]
    public void Less_room_than_special_tokens_need_is_an_error()
    {
        var error = Assert.Throws<ArgumentException>(() => _tokenizer.Encode("a", "b", new EncodeOptions { MaxTokens = 2 }));

        Assert.Contains("MaxTokens is 2, but the special tokens alone are 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_must_give_way_but_is_too_short_is_an_error()
    {
        var options = new EncodeOptions { MaxTokens = 5, Truncation = TruncationStrategy.OnlyFirst };

        var error = Assert.Throws<ArgumentException>(() => _tokenizer.Encode("a", "b c d e", options));

        Assert.Contains("first text", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "a b c|d e f")]
    [InlineData(1, "a b c|c d e|e f")]
    [InlineData(2, "a b c|b c d|c d e|d e f")]
    public void Windows_cover_the_text_and_overlap_by_the_stride(int stride, string expected)
    {
        IReadOnlyList<TokenEncoding> windows = _tokenizer.EncodeWindows("a b c d e f", null, new EncodeOptions { MaxTokens = 5, Stride = stride });

        Assert.Equal(expected.Split('|'), windows.Select(window => string.Join(' ', window.Tokens.Skip(1).SkipLast(1))));
        Assert.All(windows, window => Assert.Equal(("[CLS]", "[SEP]"), (window.Tokens[0], window.Tokens[^1])));
    }

    [Theory]
    [InlineData(0, "d e f|a b c")]
    [InlineData(1, "d e f|b c d|a b")]
    public void Where_the_left_is_cut_windows_begin_at_the_end(int stride, string expected)
    {
        TextEncoder tokenizer = FromVocabulary("""{"truncation_side":"left"}""", ["a", "b", "c", "d", "e", "f"]);

        IReadOnlyList<TokenEncoding> windows = tokenizer.EncodeWindows("a b c d e f", null, new EncodeOptions { MaxTokens = 5, Stride = stride });

        Assert.Equal(expected.Split('|'), windows.Select(window => string.Join(' ', window.Tokens.Skip(1).SkipLast(1))));
    }

    [Theory]
    [InlineData("right", "a b c d e f", "a b c|d e")]
    [InlineData("right", "a b c d [SEP] [SEP] e f", "a b c|d [SEP] [SEP]|e")]
    [InlineData("left", "a b c d e f", "d e f|b c")]
    [InlineData("left", "a b [SEP] [SEP] c d e f", "d e f|[SEP] [SEP] c|b")]
    public void A_text_can_be_read_to_the_word_in_which_there_are_enough_tokens(string side, string text, string expected)
    {
        TextEncoder tokenizer = FromVocabulary($$"""{"truncation_side":"{{side}}"}""", ["a", "b", "c", "d", "e", "f"]);

        IReadOnlyList<TokenEncoding> windows = tokenizer.EncodeWindows(text, null, new EncodeOptions { MaxTokens = 5, StopAtMaxTokens = true });

        Assert.Equal(expected.Split('|'), windows.Select(window => string.Join(' ', window.Tokens.Skip(1).SkipLast(1))));
    }

    [Fact]
    public void Windows_over_the_second_text_repeat_the_first()
    {
        var options = new EncodeOptions { MaxTokens = 6, Truncation = TruncationStrategy.OnlySecond };

        IReadOnlyList<TokenEncoding> windows = _tokenizer.EncodeWindows("a", "b c d", options);

        Assert.Equal(["[CLS] a [SEP] b c [SEP]", "[CLS] a [SEP] d [SEP]"], windows.Select(window => string.Join(' ', window.Tokens)));
        Assert.Equal(new TextSpan(4, 5), windows[1].Offsets[3]);
    }

    [Fact]
    public void An_empty_text_is_one_window()
    {
        Assert.Equal(["[CLS]", "[SEP]"], Assert.Single(_tokenizer.EncodeWindows("", null, new EncodeOptions { MaxTokens = 5 })).Tokens);
    }

    [Fact]
    public void A_stride_that_leaves_no_progress_is_an_error()
    {
        var options = new EncodeOptions { MaxTokens = 5, Stride = 3 };

        var error = Assert.Throws<ArgumentException>(() => _tokenizer.EncodeWindows("a b c d", null, options));

        Assert.Contains("Stride (3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_over_a_pair_need_to_know_which_text_is_cut()
    {
        Assert.Throws<ArgumentException>(() => _tokenizer.EncodeWindows("a", "b", new EncodeOptions { MaxTokens = 5 }));
    }
}
