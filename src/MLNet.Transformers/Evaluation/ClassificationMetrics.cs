using MLNet.Transformers.Training;

namespace MLNet.Transformers.Evaluation;

/// <summary>Counts of right and wrong classes, and what is made of them.</summary>
internal static class ClassificationMetrics
{
    /// <summary>Accuracy, macro F1 and loss.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="answers">The right class and the predicted one of each row, from 0; at least one row.</param>
    /// <param name="loss">The mean loss.</param>
    /// <param name="deciding">The metric that decides which epoch was best.</param>
    public static ValidationResult Of(int classes, IEnumerable<(int Label, int Predicted)> answers, double loss, ClassificationMetric deciding)
    {
        var (right, predicted, actual) = (new int[classes], new int[classes], new int[classes]);
        foreach ((int label, int answer) in answers)
        {
            predicted[answer]++;
            actual[label]++;
            right[answer] += answer == label ? 1 : 0;
        }
        var metrics = new Dictionary<string, double>
        {
            [nameof(ClassificationMetric.Accuracy)] = (double)right.Sum() / actual.Sum(),
            [nameof(ClassificationMetric.MacroF1)] = Enumerable.Range(0, classes).Where(c => predicted[c] + actual[c] > 0)
                .Average(c => 2.0 * right[c] / (predicted[c] + actual[c])),
            [nameof(ClassificationMetric.Loss)] = loss,
        };
        return new ValidationResult(metrics, deciding.ToString(), deciding != ClassificationMetric.Loss);
    }
}
