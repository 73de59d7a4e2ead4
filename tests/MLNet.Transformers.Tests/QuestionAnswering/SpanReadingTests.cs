using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.QuestionAnswering;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.QuestionAnswering;

/// <summary>Answers worked out by hand from given scores: a first token, one of the question, then the letters of the context.</summary>
public class SpanReadingTests
{
    private const string Context = "a b c d e f";

    public SpanReadingTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void The_best_pair_of_a_start_and_a_later_end_wins()
    {
        SpanAnswer found = Read(Rules(), Window(0, 6, [0, 9, 0, 0, 3, 0, 1, 0], [0, 9, 5, 0, 0, 4, 0, 0]));

        // c to d with 3 + 4: the question's scores do not count, and the best end, a's, lies before the start.
        Assert.Equal(("c d", 4), (found.Text, found.Start));
        Assert.Equal(-7, found.NullScore);
    }

    [Fact]
    public void Answers_are_no_longer_than_allowed()
    {
        float[] starts = [0, 0, 9, 0, 0, 0, 0, 0], ends = [0, 0, 0, 0, 1, 0, 0, 9];

        Assert.Equal("a b c d e f", Read(Rules(), Window(0, 6, starts, ends)).Text);
        Assert.Equal("a b c d e f", Read(Rules() with { MaxTokens = 6 }, Window(0, 6, starts, ends)).Text);
        Assert.Equal("a b c", Read(Rules() with { MaxTokens = 5 }, Window(0, 6, starts, ends)).Text);
    }

    [Fact]
    public void Probabilities_are_the_softmax_of_the_n_best_and_of_no_answer_where_that_counts()
    {
        float[] starts = [1, 0, 2, 0, 0, 0, 0, -9], ends = [1, 0, 3, 1, 0, 0, 0, -9];
        AnswerRules rules = Rules() with { Best = 2, Top = 2 };

        SpanAnswer always = Read(rules, Window(0, 6, starts, ends)), maybe = Read(rules with { NullThreshold = 0 }, Window(0, 6, starts, ends));

        // The two best starts are a (2) and b (0), the ends a (3) and b (1): a 5, a b 3, b 1, of which two stay; no answer has 2.
        Assert.Equal(["a", "a b"], always.Top.Select(top => top.Text));
        Assert.Equal(Math.Exp(5) / (Math.Exp(5) + Math.Exp(3)), always.Probability, 1e-6);
        Assert.Equal(Math.Exp(3) / (Math.Exp(5) + Math.Exp(3)), always.Top[1].Probability, 1e-6);
        Assert.Equal(Math.Exp(5) / (Math.Exp(5) + Math.Exp(3) + Math.Exp(2)), maybe.Probability, 1e-6);
        Assert.Equal(-3, maybe.NullScore);
    }

    [Theory]
    [InlineData(null, "a")]
    [InlineData(-0.5, "")]
    [InlineData(0.0, "")]
    [InlineData(0.5, "")]
    [InlineData(1.0, "a")]
    [InlineData(1.5, "a")]
    public void No_answer_wins_where_its_score_is_higher_by_more_than_the_threshold(double? threshold, string expected)
    {
        SpanAnswer found = Read(Rules() with { NullThreshold = threshold }, Window(0, 6, [3, 0, 2, 0, 0, 0, 0, 0], [3, 0, 3, 0, 0, 0, 0, 0]));

        Assert.Equal((expected, expected.Length == 0 ? -1 : 0, 1f), (found.Text, found.Start, found.NullScore));
        Assert.Equal("a", found.Top[0].Text);
        Assert.Equal(expected.Length == 0, threshold is not null && found.Probability > found.Top[0].Probability);
    }

    [Fact]
    public void Windows_are_merged_and_no_answer_has_the_lowest_score_of_them()
    {
        AnswerWindow first = Window(0, 4, [4, 0, 0, 0, 3, 0], [4, 0, 0, 0, 3, 0]).Window, second = Window(2, 4, [1, 0, 5, 0, 0, 2], [1, 0, 5, 0, 0, 2]).Window;

        SpanAnswer found = Read(
            Rules() with { NullThreshold = 0 }, (first, [4, 0, 0, 0, 3, 0], [4, 0, 0, 0, 3, 0]), (second, [1, 0, 5, 0, 0, 2], [1, 0, 5, 0, 0, 2]));

        // Both windows find c, with 6 and 10; it is one answer.
        Assert.Equal(("c", 4), (found.Text, found.Start));
        Assert.Equal(2 - 10, found.NullScore);
        Assert.Single(found.Top, top => top.Text == "c");
        Assert.Equal(found.Top.Count, found.Top.Select(top => (top.Start, top.Text)).Distinct().Count());
    }

    [Theory]
    [InlineData("ab cd", 2, 5, 3, 5)]
    [InlineData("ab cd", 0, 3, 0, 2)]
    [InlineData("ab cd", 2, 3, 3, 3)]
    [InlineData("cafe\u0301 x", 0, 4, 0, 5)]
    [InlineData("x 👩‍💻 y", 2, 4, 2, 7)]
    [InlineData("日本 語", 0, 1, 0, 1)]
    [InlineData("", 0, 0, 0, 0)]
    public void A_stretch_has_no_blanks_around_it_and_no_half_characters(string text, int start, int end, int wholeStart, int wholeEnd) =>
        Assert.Equal(new TextSpan(wholeStart, wholeEnd), SpanText.Whole(text, start, end));

    private static AnswerRules Rules() => new(0, Top: 3, Best: 20, MaxTokens: 30, NullThreshold: null);

    // The letters from one on, behind a first token and one of the question.
    private static (AnswerWindow Window, float[] Starts, float[] Ends) Window(int before, int letters, float[] starts, float[] ends)
    {
        TextSpan[] offsets = [.. Enumerable.Range(before, letters).Select(letter => new TextSpan(2 * letter, 2 * letter + 1))];
        return (new AnswerWindow(new TextWindow(new TokenSequence(new int[letters + 2]), 2, before, offsets), Context, []), starts, ends);
    }

    private static SpanAnswer Read(AnswerRules rules, params (AnswerWindow Window, float[] Starts, float[] Ends)[] windows)
    {
        ScoreReading<AnswerWindow, WindowAnswers, SpanAnswer> reading = SpanReading.Of(rules);
        int width = windows.Max(window => window.Starts.Length) + 1;
        // Padding that must not be read.
        var scores = new float[windows.Length * width * 2];
        Array.Fill(scores, 100);
        for (int i = 0; i < windows.Length; i++)
        {
            for (int token = 0; token < windows[i].Starts.Length; token++)
            {
                (scores[(i * width + token) * 2], scores[(i * width + token) * 2 + 1]) = (windows[i].Starts[token], windows[i].Ends[token]);
            }
        }
        AnswerWindow[] features = [.. windows.Select(window => window.Window)];
        return reading.Merge(features, reading.Read(new HeadOutput(tensor(scores, [windows.Length, width, 2])), features));
    }
}
