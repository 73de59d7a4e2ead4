namespace MLNet.Transformers.Evaluation;

/// <summary>Kendall's tau-b, in time that is little more than that of sorting (Knight 1966).</summary>
internal static class KendallTau
{
    public static double Of(IReadOnlyList<double> gold, IReadOnlyList<double> predicted)
    {
        int[] order = [.. Enumerable.Range(0, gold.Count).OrderBy(i => gold[i]).ThenBy(i => predicted[i])];
        double[] y = [.. order.Select(i => predicted[i])];
        long tiedGold = Tied(gold), tiedPredicted = Tied(predicted), tiedBoth = Tied(gold.Zip(predicted));
        long discordant = Inversions(y, new double[y.Length]);
        double all = y.Length * (y.Length - 1.0) / 2;
        double scale = Math.Sqrt(all - tiedGold) * Math.Sqrt(all - tiedPredicted);
        return scale == 0 ? double.NaN : Math.Clamp((all - tiedGold - tiedPredicted + tiedBoth - (2.0 * discordant)) / scale, -1, 1);
    }

    // Pairs of equal values.
    private static long Tied<T>(IEnumerable<T> values) => values.GroupBy(value => value).Sum(group => group.LongCount() * (group.LongCount() - 1) / 2);

    // Pairs in the wrong order, counted while they are merged into the right one.
    private static long Inversions(Span<double> values, Span<double> merged)
    {
        if (values.Length < 2)
        {
            return 0;
        }
        int middle = values.Length / 2;
        long count = Inversions(values[..middle], merged[..middle]) + Inversions(values[middle..], merged[middle..]);
        for (int left = 0, right = middle, at = 0; at < values.Length; at++)
        {
            bool takeRight = left == middle || (right < values.Length && values[right] < values[left]);
            count += takeRight ? middle - left : 0;
            merged[at] = takeRight ? values[right++] : values[left++];
        }
        merged.CopyTo(values);
        return count;
    }
}
