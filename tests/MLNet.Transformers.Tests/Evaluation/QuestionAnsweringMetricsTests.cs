using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Tests.Evaluation;

public class QuestionAnsweringMetricsTests
{
    [Theory]
    [InlineData("The “Cat”, an apple & a-b", "“cat” apple ab")]
    [InlineData("A. The. An.", "")]
    [InlineData("theater a1 1a x_a", "theater a1 1a xa")]
    [InlineData("a\u0301b", "\u0301b")]
    [InlineData("北京\u3000大学", "北京 大学")]
    [InlineData("AIDS/HIV", "aidshiv")]
    public void Answers_are_normalized(string answer, string normalized) => Assert.Equal(normalized, AnswerText.Normalized(answer));

    // "A" is no answer for SQuAD 2.0, which passes over it; for 1.1 it is one of no words, which no F1 is above 0 with.
    [Theory]
    [InlineData(SquadVersion.V2, "the", 0, 0)]
    [InlineData(SquadVersion.V1, "the", 100, 0)]
    [InlineData(SquadVersion.V2, "U.S.", 100, 100)]
    public void An_answer_of_articles_alone_is_none_in_the_second_version(SquadVersion version, string predicted, double exact, double f1)
    {
        AnswerScores scores = QuestionAnsweringMetrics.Of([new(predicted, ["A", "US"])], version).All;

        Assert.Equal((exact, f1), (scores.ExactMatch, scores.F1));
    }

    [Fact]
    public void Words_in_common_count_as_often_as_both_have_them() =>
        Assert.Equal(100 * 2 * 2.0 / 5, QuestionAnsweringMetrics.Of([new("b b c", ["b b b"[..3]])]).All.F1, 1e-9);

    [Fact]
    public void Kinds_that_do_not_occur_have_no_figures()
    {
        QuestionAnsweringMetrics metrics = QuestionAnsweringMetrics.Of([new("x", ["x"])]);

        Assert.Null(metrics.NoAnswer);
        Assert.Null(metrics.BestF1);
        Assert.Equal(1, metrics.HasAnswer!.Questions);
    }

    // To answer none is best: the first answer given, right or not, is one of no answer.
    [Fact]
    public void Where_it_is_best_to_answer_nothing_the_threshold_is_0()
    {
        AnswerThreshold best = QuestionAnsweringMetrics.Of([new("x", [], 0.1), new("y", ["z"], 0.2)]).BestExactMatch!;

        Assert.Equal(new AnswerThreshold(50, 0), best);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(null, "missing")]
    public void A_null_score_that_is_none_is_named(double? score, string what)
    {
        var error = Assert.Throws<ArgumentException>(() => QuestionAnsweringMetrics.Of([new("x", ["x"], 1), new("y", ["y"], score, "q2")]));

        Assert.StartsWith($"Row 2 (id 'q2'): the null score is {what}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_needs_null_scores() => Assert.Throws<ArgumentException>(() => QuestionAnsweringMetrics.Of([new("x", ["x"])], nullThreshold: 0));

    [Fact]
    public void By_the_first_version_every_question_has_an_answer()
    {
        var error = Assert.Throws<ArgumentException>(() => QuestionAnsweringMetrics.Of([new("x", [])], SquadVersion.V1));

        Assert.StartsWith("Row 1: the question has no right answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_question_there_are_no_figures() => Assert.Throws<ArgumentException>(() => QuestionAnsweringMetrics.Of([]));

    [Fact]
    public void The_text_is_an_aligned_table() => Assert.Equal(
        """
                           exact match      F1  questions
        all                      50.00   75.00          2
        with an answer            0.00   50.00          1
        without an answer       100.00  100.00          1
        best                     50.00   75.00
        at null score           0.0000  0.5000
        """.ReplaceLineEndings("\n"),
        QuestionAnsweringMetrics.Of([new("a cat", ["cat sat down"], 0.5), new("", [], 0.7)]).ToString());
}
