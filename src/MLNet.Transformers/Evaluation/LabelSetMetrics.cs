namespace MLNet.Transformers.Evaluation;

/// <summary>Counts of right and wrong decisions on several labels a row.</summary>
internal static class LabelSetMetrics
{
    /// <summary>Micro and macro F1 and subset accuracy.</summary>
    /// <param name="labels">The right labels of each row, at least one row.</param>
    /// <param name="predicted">The predicted ones.</param>
    public static IReadOnlyDictionary<ClassificationMetric, double> Of(IReadOnlyList<bool[]> labels, IReadOnlyList<bool[]> predicted)
    {
        int count = labels[0].Length;
        var (right, all) = (new int[count], new int[count]);
        for (int row = 0; row < labels.Count; row++)
        {
            for (int label = 0; label < count; label++)
            {
                right[label] += labels[row][label] && predicted[row][label] ? 2 : 0;
                all[label] += (labels[row][label] ? 1 : 0) + (predicted[row][label] ? 1 : 0);
            }
        }
        double[] scores = [.. Enumerable.Range(0, count).Where(label => all[label] > 0).Select(label => (double)right[label] / all[label])];
        return new Dictionary<ClassificationMetric, double>
        {
            [ClassificationMetric.MicroF1] = all.Sum() == 0 ? 0 : (double)right.Sum() / all.Sum(),
            [ClassificationMetric.MacroF1] = scores.Length == 0 ? 0 : scores.Average(),
            [ClassificationMetric.SubsetAccuracy] = labels.Zip(predicted, (one, other) => one.SequenceEqual(other) ? 1.0 : 0).Average(),
        };
    }
}
