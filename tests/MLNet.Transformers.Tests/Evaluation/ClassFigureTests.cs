namespace MLNet.Transformers.Tests.Evaluation;

public class ClassFigureTests
{
    [Fact]
    public void A_class_that_does_not_occur_counts_for_the_mean_where_it_is_given()
    {
        Assert.Equal(1, ClassificationReport.Of(["a", "b"], ["a", "b"]).Macro.F1);
        Assert.Equal(2.0 / 3, ClassificationReport.Of(["a", "b"], ["a", "b"], ["a", "b", "c"]).Macro.F1, 1e-12);
    }

    [Fact]
    public void One_class_alone_has_no_correlation_and_no_kappa()
    {
        ClassificationReport report = ClassificationReport.Of(["a", "a"], ["a", "a"]);

        Assert.Equal(0, report.Matthews);
        Assert.True(double.IsNaN(report.Kappa));
        Assert.Equal(1, report.Accuracy);
    }

    [Fact]
    public void An_unknown_class_is_named_with_its_row()
    {
        var error = Assert.Throws<ArgumentException>(() => ClassificationReport.Of(["a", "b"], ["a", "c"], ["a", "b"]));

        Assert.Equal("Row 2: 'c' is not among the classes 'a', 'b'.", error.Message);
    }

    [Fact]
    public void The_text_is_an_aligned_table() => Assert.Equal(
        """
                  precision  recall      F1  support
        a            0.5000  1.0000  0.6667        1
        b            1.0000  0.5000  0.6667        2
        micro        0.6667  0.6667  0.6667        3
        macro        0.7500  0.7500  0.6667        3
        weighted     0.8333  0.6667  0.6667        3
        accuracy     0.6667
        Matthews     0.5000
        kappa        0.4000
        """.ReplaceLineEndings("\n"),
        ClassificationReport.Of(["a", "b", "b"], ["a", "a", "b"]).ToString());

    // Scores 0.8 and 0.6 of the rows that have the label, 0.6 and 0.1 of those that have not: three of four pairs in order, one tied.
    [Fact]
    public void Ranking_figures_by_hand()
    {
        MultiLabelMetrics metrics = MultiLabelMetrics.Of([[true], [true], [false], [false]], [[0.8f], [0.6f], [0.6f], [0.1f]]);

        Assert.Equal(3.5 / 4, metrics.MacroAuc, 1e-12);
        Assert.Equal((1 + (2.0 / 3)) / 2, metrics.MacroAveragePrecision, 1e-12);
    }

    [Fact]
    public void A_label_that_all_rows_have_has_no_roc_curve_and_one_that_none_has_no_precision()
    {
        Assert.True(double.IsNaN(MultiLabelMetrics.Of([[true], [true]], [[0.8f], [0.6f]]).MacroAuc));
        Assert.Equal(0, MultiLabelMetrics.Of([[false], [false]], [[0.8f], [0.6f]]).MacroAveragePrecision);
    }

    [Fact]
    public void A_score_at_the_threshold_gives_the_label() => Assert.Equal(1, MultiLabelMetrics.Of([[true]], [[0.35f]], 0.35).SubsetAccuracy);

    [Theory]
    [InlineData(1, "Row 2: 1 labels and 2 scores; expected 2 of both, all numbers.")]
    [InlineData(2, "Row 2: 2 labels and 2 scores, one of them NaN; expected 2 of both, all numbers.")]
    public void A_row_that_cannot_be_judged_is_named(int labels, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => MultiLabelMetrics.Of([[true, false], new bool[labels]], [[1, 0], [0, labels == 2 ? float.NaN : 0]]));

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(1e308)]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    public void Numbers_of_any_size_are_correlated(double size) =>
        Assert.Equal(CorrelationMetrics.Of([1, 2, 1.5], [1, 2, 2]).Pearson, CorrelationMetrics.Of([size / 2, size, size * 0.75], [1, 2, 2]).Pearson, 1e-12);

    [Fact]
    public void A_class_that_is_given_twice_is_named() => Assert.StartsWith(
        "The class 'a' is given twice", Assert.Throws<ArgumentException>(() => ClassificationReport.Of(["a"], ["a"], ["a", "b", "a"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_label_that_is_given_twice_is_named() => Assert.StartsWith(
        "The label 'a' is given twice", Assert.Throws<ArgumentException>(() => MultiLabelMetrics.Of([[true, false]], [[1, 0]], labels: ["a", "a"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_threshold_that_is_no_number_is_refused() => Assert.Equal(
        "threshold", Assert.Throws<ArgumentOutOfRangeException>(() => MultiLabelMetrics.Of([[true]], [[1]], double.NaN)).ParamName);

    [Fact]
    public void Rows_without_a_label_and_a_score_are_refused() =>
        Assert.Equal("Row 1: there are no labels.", Assert.Throws<ArgumentException>(() => MultiLabelMetrics.Of([[]], [[]])).Message);

    [Fact]
    public void Equal_numbers_have_no_correlation()
    {
        CorrelationMetrics metrics = CorrelationMetrics.Of([0.1, 0.1, 0.1], [1, 2, 3]);

        Assert.True(double.IsNaN(metrics.Pearson) && double.IsNaN(metrics.Spearman) && double.IsNaN(metrics.Kendall));
        Assert.True(double.IsNaN(CorrelationMetrics.Of([1], [1]).Pearson));
    }

    [Fact]
    public void Kendall_counts_pairs_as_by_hand()
    {
        double[] x = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], y = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4];
        (int agree, int differ, int tiedX, int tiedY) = (0, 0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int order = Math.Sign(x[i] - x[j]) * Math.Sign(y[i] - y[j]);
                (agree, differ) = (agree + (order > 0 ? 1 : 0), differ + (order < 0 ? 1 : 0));
                (tiedX, tiedY) = (tiedX + (x[i] == x[j] ? 1 : 0), tiedY + (y[i] == y[j] ? 1 : 0));
            }
        }
        double pairs = x.Length * (x.Length - 1) / 2;

        Assert.Equal((agree - differ) / Math.Sqrt((pairs - tiedX) * (pairs - tiedY)), CorrelationMetrics.Of(x, y).Kendall, 1e-12);
    }
}
