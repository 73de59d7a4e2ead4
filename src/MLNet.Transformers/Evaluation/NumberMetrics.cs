namespace MLNet.Transformers.Evaluation;

/// <summary>How close predicted numbers are to those that were to be met.</summary>
internal static class NumberMetrics
{
    /// <summary>Mean squared error, Pearson's and Spearman's correlation.</summary>
    /// <param name="labels">What was to be met, at least one number.</param>
    /// <param name="predicted">As many that were predicted.</param>
    public static IReadOnlyDictionary<ClassificationMetric, double> Of(double[] labels, double[] predicted) => new Dictionary<ClassificationMetric, double>
    {
        [ClassificationMetric.MeanSquaredError] = labels.Zip(predicted, (label, value) => (label - value) * (label - value)).Average(),
        [ClassificationMetric.Pearson] = Pearson(labels, predicted),
        [ClassificationMetric.Spearman] = Pearson(Ranks(labels), Ranks(predicted)),
    };

    private static double Pearson(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double together = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        double apart = Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
        return apart == 0 ? 0 : together / apart;
    }

    // Equal numbers share the mean of their ranks.
    private static double[] Ranks(double[] values)
    {
        var ranks = new double[values.Length];
        int rank = 0;
        foreach (IGrouping<double, int> equal in Enumerable.Range(0, values.Length).GroupBy(i => values[i]).OrderBy(group => group.Key))
        {
            int count = equal.Count();
            foreach (int i in equal)
            {
                ranks[i] = rank + ((count + 1) / 2.0);
            }
            rank += count;
        }
        return ranks;
    }
}
