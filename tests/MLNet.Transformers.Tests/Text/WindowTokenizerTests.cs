using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Text;

public class WindowTokenizerTests
{
    private const string Alphabet = "a b c d e f g h i j k l m n o p";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"truncation_side":"left"}""")]
    public void Windows_cover_the_text_and_know_their_place_in_it(string config)
    {
        TextEncoder tokenizer = FromVocabulary(config, Alphabet.Split(' '));
        WindowTokenizer windows = Windows(tokenizer, maxTokens: 7, stride: 2);

        TextWindow[] found = windows.Windows(new TextRow(Alphabet, null));

        Assert.Equal(0, found[0].Before);
        Assert.Equal(16, found[^1].Before + found[^1].Offsets.Length);
        Assert.All(found, window =>
        {
            Assert.Equal(1, window.First);
            for (int i = 0; i < window.Offsets.Length; i++)
            {
                string token = Alphabet[window.Offsets[i].Start..window.Offsets[i].End];
                Assert.Equal(Alphabet.Split(' ')[window.Before + i], token);
                Assert.Equal(tokenizer.TokenToId(token), window.Tokens.Ids[window.First + i]);
            }
        });
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.Equal(2, pair.First.Before + pair.First.Offsets.Length - pair.Second.Before));
        Assert.Equal("1 of 1 rows were longer than 7 tokens and were read in 5 windows.", windows.Report);
    }

    [Theory]
    [InlineData(TruncationStrategy.OnlySecond, "a b", Alphabet, 4)]
    [InlineData(TruncationStrategy.OnlyFirst, Alphabet, "a b", 1)]
    public void Of_a_pair_one_text_stands_whole_in_each_window(TruncationStrategy cut, string text, string pair, int first)
    {
        TextEncoder tokenizer = FromVocabulary(Alphabet.Split(' '));

        TextWindow[] found = Windows(tokenizer, maxTokens: 10, stride: 1).Windows(new TextRow(text, pair), cut);

        Assert.Equal([0, 4, 8, 12], found.Select(window => window.Before));
        Assert.All(found, window => Assert.Equal(first, window.First));
        int[] whole = [tokenizer.TokenToId("a")!.Value, tokenizer.TokenToId("b")!.Value];
        Assert.All(found, window => Assert.Equal(whole, window.Tokens.Ids[(first == 4 ? 1..3 : ^3..^1)]));
        Assert.All(found, window => Assert.Equal(first == 4, window.Tokens.SegmentIds![^2] == 1 && window.Offsets.Length == window.Tokens.SegmentIds.Count(id => id == 1) - 1));
    }

    [Fact]
    public void A_long_text_beside_leaves_half_of_the_room_and_windows_get_on()
    {
        WindowTokenizer windows = Windows(FromVocabulary(Alphabet.Split(' ')), maxTokens: 11, stride: 100);

        TextWindow[] found = windows.Windows(new TextRow(Alphabet, Alphabet), TruncationStrategy.OnlySecond);

        Assert.All(found, window => Assert.Equal(6, window.First));
        Assert.Equal([0, 2, 4, 6, 8, 10, 12], found.Select(window => window.Before));
        Assert.Contains("of 1 pairs", windows.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_fits_is_one_window_and_one_without_tokens_too()
    {
        WindowTokenizer windows = Windows(FromVocabulary(Alphabet.Split(' ')), maxTokens: 10, stride: 3);

        Assert.Equal(2, Assert.Single(windows.Windows(new TextRow("a b", null))).Offsets.Length);
        Assert.Empty(Assert.Single(windows.Windows(new TextRow("", null))).Offsets);
        Assert.Empty(Assert.Single(windows.Windows(new TextRow(Alphabet, ""), TruncationStrategy.OnlySecond)).Offsets);
        Assert.Empty(Assert.Single(windows.Windows(new TextRow("", " "), TruncationStrategy.OnlySecond)).Offsets);
        Assert.Single(Assert.Single(windows.Windows(new TextRow("", "a"), TruncationStrategy.OnlySecond)).Offsets);
    }

    [Fact]
    public void Too_few_tokens_for_a_pair_are_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => WindowTokenizer.Limit(SampleNetworks.Tiny(), 4, pair: true));

        Assert.Contains("MaxTokens is 4, but special tokens and one token of each text are 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, WindowTokenizer.Limit(SampleNetworks.Tiny(), 5, pair: true));
    }

    private static WindowTokenizer Windows(TextEncoder tokenizer, int maxTokens, int stride) =>
        new(tokenizer, new BertConfig { VocabularySize = tokenizer.MaxId + 1 }, maxTokens, stride);
}
