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
        ValidationResult result = ClassificationMetrics.Of(3, _answers, 0.75, ClassificationMetric.MacroF1);

        Assert.Equal(0.6, result.Metrics["Accuracy"], 1e-12);
        Assert.Equal((2.0 * 2 / 6 + 2.0 * 1 / 4) / 2, result.Metrics["MacroF1"], 1e-12);
        Assert.Equal(0.75, result.Metrics["Loss"]);
        Assert.Equal(result.Metrics["MacroF1"], result.Score);
    }

    [Theory]
    [InlineData(ClassificationMetric.Accuracy, 0.6)]
    [InlineData(ClassificationMetric.Loss, -0.75)]
    public void The_deciding_metric_is_the_score_and_of_the_loss_less_is_better(ClassificationMetric deciding, double score) =>
        Assert.Equal(score, ClassificationMetrics.Of(3, _answers, 0.75, deciding).Score, 1e-12);
}
