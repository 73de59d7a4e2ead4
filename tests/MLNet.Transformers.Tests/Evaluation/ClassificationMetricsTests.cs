using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Tests.Evaluation;

public class ClassificationMetricsTests
{
    // Class 0: 2 right of 3, predicted 3 times; class 1: 1 right of 2, predicted twice; class 2 does not occur.
    private static readonly (int, int)[] _answers = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0)];

    [Fact]
    public void Accuracy_and_macro_f1_by_hand()
    {
        ValidationResult result = ClassificationMetrics.Of(3, _answers).With(0.75, ClassificationMetric.MacroF1);

        Assert.Equal(0.6, result.Metrics["Accuracy"], 1e-12);
        Assert.Equal((2.0 * 2 / 6 + 2.0 * 1 / 4) / 2, result.Metrics["MacroF1"], 1e-12);
        Assert.Equal(0.75, result.Metrics["Loss"]);
        Assert.Equal(result.Metrics["MacroF1"], result.Score);
    }

    [Theory]
    [InlineData(ClassificationMetric.Accuracy, 0.6)]
    [InlineData(ClassificationMetric.Loss, -0.75)]
    public void The_deciding_metric_is_the_score_and_of_the_loss_less_is_better(ClassificationMetric deciding, double score) =>
        Assert.Equal(score, ClassificationMetrics.Of(3, _answers).With(0.75, deciding).Score, 1e-12);

    [Fact]
    public void Numbers_by_hand()
    {
        var metrics = NumberMetrics.Of([1, 2, 3, 3], [2, 1, 4, 5]);

        Assert.Equal((1 + 1 + 1 + 4) / 4.0, metrics[ClassificationMetric.MeanSquaredError], 1e-12);
        // Deviations -1.25, -0.25, 0.75, 0.75 and -1, -2, 1, 2.
        Assert.Equal(4 / Math.Sqrt(2.75 * 10), metrics[ClassificationMetric.Pearson], 1e-12);
        // Ranks 1, 2, 3.5, 3.5 and 2, 1, 3, 4.
        Assert.Equal(3.5 / Math.Sqrt(4.5 * 5), metrics[ClassificationMetric.Spearman], 1e-12);
        Assert.Equal(0, NumberMetrics.Of([1, 2], [3, 3])[ClassificationMetric.Pearson]);
        Assert.Equal(double.NaN, NumberMetrics.Of([1, 2], [3, double.NaN])[ClassificationMetric.Pearson]);
    }
}
