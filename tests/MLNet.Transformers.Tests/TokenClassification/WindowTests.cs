using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.TokenClassification;
using static MLNet.Transformers.Tests.TokenClassification.Sentences;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>Rows that are longer than the network reads at once.</summary>
public class WindowTests
{
    private static readonly string[] _words = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? "lima" : "oslo")];

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void Each_word_is_learnt_once_and_each_token_speaks_once_where_it_has_more_context(int? stride)
    {
        Checkpoint checkpoint = Tiny();
        TokenWindow[] windows = new TokenWindows(checkpoint.Tokenizer, checkpoint.Config, maxTokens: 12, stride)
            .Of(TokenText.Of(_words), [.. Enumerable.Range(0, _words.Length)]);

        Assert.True(windows.Length > 2);
        Assert.Equal(Enumerable.Range(0, _words.Length), windows.SelectMany(window => window.Labels).Where(label => label != LossTerm.Ignored));
        Assert.Equal(windows[0].Row.Alignment.Places.Length, windows.Sum(window => window.Spoken.End.Value - window.Spoken.Start.Value));
        // What two windows have in common is shared evenly: neither speaks for a token at its cut edge unless both edges are as near.
        foreach ((TokenWindow before, TokenWindow behind) in windows.Zip(windows.Skip(1)))
        {
            int left = before.Tokens.Ids.Length - 1 - before.Spoken.End.Value, given = behind.Spoken.Start.Value - 1;
            Assert.InRange(left - given, -1, 1);
        }
    }

    [Fact]
    public void Nothing_is_lost_beyond_the_limit()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        using TokenClassificationTransformer model = Train(ml);
        Tagged[] rows = [new() { Words = [.. Enumerable.Repeat(Rows[0].Words!, 12).SelectMany(words => words)] }];

        IDataView predicted = model.Transform(Data(ml, rows));

        Assert.Equal(rows[0].Words!.Length, Tags(predicted)[0].Length);
        Assert.True(model.ReadEntities(predicted).Single().Count >= 12);
        Assert.Contains(model.ReadEntities(predicted).Single(), entity => entity.Start > 200);
        Assert.Contains(log, line => line.Contains("longer than 19 tokens and were read in", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_without_tokens_have_the_outside_tag()
    {
        var ml = new MLContext(1);
        using TokenClassificationTransformer model = Train(ml);

        IDataView predicted = model.Transform(Data(ml, new Tagged { Words = ["", "Lima", "\u200b", null] }, new Tagged { Words = [] }, new Tagged()));

        Assert.Equal(["O", "B-LOC", "O", "O"], Tags(predicted)[0]);
        Assert.Equal([1, 1, 1], new[] { 0, 2, 3 }.Select(word => Scores(predicted)[0][word]));
        Assert.Equal([[], []], Tags(predicted)[1..]);
    }

    [Fact]
    public void Labels_are_learnt_on_the_first_piece_of_a_word_alone()
    {
        Checkpoint checkpoint = Tiny();
        TokenWindow window = Assert.Single(new TokenWindows(checkpoint.Tokenizer, checkpoint.Config, 19, null).Of(TokenText.Of(["Lima", "abc", "Oslo"]), [1, 2, 3]));

        int pieces = checkpoint.Tokenizer.Encode("abc").Length - 2;
        Assert.True(pieces > 1);
        Assert.Equal([-100, 1, 2, .. Enumerable.Repeat(-100, pieces - 1), 3, -100], window.Labels);
    }
}
