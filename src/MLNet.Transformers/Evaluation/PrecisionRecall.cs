namespace MLNet.Transformers;

/// <summary>How well one class, or all of them on average, is found.</summary>
/// <param name="Precision">Share of what was predicted that is right, 0 to 1; 0 where nothing was predicted.</param>
/// <param name="Recall">Share of what is right that was predicted, 0 to 1; 0 where there is nothing.</param>
/// <param name="F1">Harmonic mean of both, 0 to 1; 0 where both are.</param>
/// <param name="Support">How many there are in the right answers.</param>
public sealed record PrecisionRecall(double Precision, double Recall, double F1, long Support)
{
    internal static PrecisionRecall Of(long right, long predicted, long support)
    {
        double precision = predicted == 0 ? 0 : (double)right / predicted;
        double recall = support == 0 ? 0 : (double)right / support;
        return new(precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall), support);
    }

    /// <summary>Each counts the same. NaN of none, as in the reference scorers.</summary>
    internal static PrecisionRecall Macro(IReadOnlyCollection<PrecisionRecall> all) =>
        Mean(all, all.Sum(one => one.Support), static _ => 1, all.Count);

    /// <summary>Each counts by its support; 0 where nothing has any.</summary>
    internal static PrecisionRecall Weighted(IReadOnlyCollection<PrecisionRecall> all)
    {
        long support = all.Sum(one => one.Support);
        return support == 0 ? new(0, 0, 0, 0) : Mean(all, support, static one => one.Support, support);
    }

    private static PrecisionRecall Mean(IEnumerable<PrecisionRecall> all, long support, Func<PrecisionRecall, double> weight, double weights) => new(
        all.Sum(one => weight(one) * one.Precision) / weights,
        all.Sum(one => weight(one) * one.Recall) / weights,
        all.Sum(one => weight(one) * one.F1) / weights,
        support);
}
