namespace MLNet.Transformers.Evaluation;

/// <summary>Places of numbers in their order.</summary>
internal static class Ranks
{
    /// <summary>The rank of each number, from 1; equal numbers share the mean of theirs.</summary>
    public static double[] Of(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]]; end++)
            {
            }
            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + end + 1) / 2.0;
            }
        }
        return ranks;
    }
}
