using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Text;

/// <summary>How many tokens a row may have, and what happens at exactly that many.</summary>
public class LimitTests
{
    private const int Positions = 10;

    [Theory]
    [InlineData("{}", null, Positions)]
    [InlineData("""{"model_max_length": 7}""", null, 7)]
    [InlineData("""{"model_max_length": 700}""", null, Positions)]
    [InlineData("""{"model_max_length": 7}""", 9, 9)]
    [InlineData("{}", Positions, Positions)]
    public void The_limit_is_what_is_asked_for_or_what_network_and_tokenizer_take(string config, int? asked, int limit) =>
        Assert.Equal(limit, RowTokenizer.Limit(Network(FromVocabulary(config, ["a", "b"])), asked));

    [Fact]
    public void More_than_the_network_has_positions_for_is_refused() =>
        Assert.Contains("has 10 positions", Assert.Throws<ArgumentOutOfRangeException>(() => RowTokenizer.Limit(Network(FromVocabulary("a")), Positions + 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 5)]
    public void A_window_holds_the_special_tokens_and_one_token_of_each_text_at_least(bool pair, int least)
    {
        Checkpoint network = Network(FromVocabulary("a"));

        Assert.Equal(least, WindowTokenizer.Limit(network, least, pair));
        Assert.Contains($"are {least}", Assert.Throws<ArgumentOutOfRangeException>(() => WindowTokenizer.Limit(network, least - 1, pair)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a a a", 1)]
    [InlineData("a a a a", 2)]
    public void A_text_that_just_fits_is_one_window_and_not_reported(string text, int count)
    {
        Checkpoint network = Network(FromVocabulary("a"));
        var windows = new WindowTokenizer(network.Tokenizer, network.Config, maxTokens: 5, stride: 1);

        Assert.Equal(count, windows.Windows(new TextRow(text, null)).Length);
        Assert.Equal(count == 1, windows.Report is null);
    }

    [Theory]
    [InlineData("a a", 2)]
    [InlineData("a a a", 2)]
    public void The_text_beside_just_fits_into_half_of_the_room_or_is_cut(string beside, int kept)
    {
        Checkpoint network = Network(FromVocabulary("a", "b"));
        var windows = new WindowTokenizer(network.Tokenizer, network.Config, maxTokens: 7, stride: 1);

        TextWindow window = windows.Windows(new TextRow("b b b b", beside))[0];

        Assert.Equal(kept, window.Tokens.Ids.Count(id => id == network.Tokenizer.TokenToId("a")));
        Assert.Equal(beside.Length > 3, windows.Report!.Contains("was cut", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Segments_are_given_to_networks_that_have_them(int types)
    {
        Checkpoint network = Network(FromVocabulary("a"), types);

        Assert.Equal(types > 1, new RowTokenizer(network, 8).Encode(new TextRow("a", "a")).SegmentIds is not null);
        Assert.Equal(types > 1, new WindowTokenizer(network.Tokenizer, network.Config, 8, 1).Windows(new TextRow("a", "a"))[0].Tokens.SegmentIds is not null);
    }

    private static Checkpoint Network(TextEncoder tokenizer, int types = 2) => Checkpoint.FromConfig(
        new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = 8, Layers = 1, Heads = 2, IntermediateSize = 8, MaxPositions = Positions, SegmentTypes = types,
        },
        tokenizer);
}
