namespace MLNet.Transformers.Evaluation;

/// <summary>Counts of right and wrong classes, and what is made of them.</summary>
internal static class ClassificationMetrics
{
    /// <summary>Accuracy and macro F1.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="answers">The right class and the predicted one of each row, from 0; at least one row.</param>
    public static IReadOnlyDictionary<ClassificationMetric, double> Of(int classes, IEnumerable<(int Label, int Predicted)> answers)
    {
        var (right, predicted, actual) = (new int[classes], new int[classes], new int[classes]);
        foreach ((int label, int answer) in answers)
        {
            predicted[answer]++;
            actual[label]++;
            right[answer] += answer == label ? 1 : 0;
        }
        return new Dictionary<ClassificationMetric, double>
        {
            [ClassificationMetric.Accuracy] = (double)right.Sum() / actual.Sum(),
            [ClassificationMetric.MacroF1] = Enumerable.Range(0, classes).Where(c => predicted[c] + actual[c] > 0)
                .Average(c => 2.0 * right[c] / (predicted[c] + actual[c])),
        };
    }
}
