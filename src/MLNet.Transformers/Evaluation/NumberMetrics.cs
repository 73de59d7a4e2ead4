namespace MLNet.Transformers.Evaluation;

/// <summary>How close predicted numbers are to those that were to be met.</summary>
internal static class NumberMetrics
{
    /// <summary>Mean squared error, Pearson's and Spearman's correlation; a correlation that there is none of counts as 0, unless a predicted number is NaN.</summary>
    /// <param name="labels">What was to be met, at least one number.</param>
    /// <param name="predicted">As many that were predicted.</param>
    public static IReadOnlyDictionary<ClassificationMetric, double> Of(double[] labels, double[] predicted)
    {
        double none = predicted.Any(double.IsNaN) ? double.NaN : 0;
        (double pearson, double spearman) = CorrelationMetrics.PearsonAndSpearman(labels, predicted);
        return new Dictionary<ClassificationMetric, double>
        {
            [ClassificationMetric.MeanSquaredError] = labels.Zip(predicted, (label, value) => (label - value) * (label - value)).Average(),
            [ClassificationMetric.Pearson] = double.IsNaN(pearson) ? none : pearson,
            [ClassificationMetric.Spearman] = double.IsNaN(spearman) ? none : spearman,
        };
    }
}
