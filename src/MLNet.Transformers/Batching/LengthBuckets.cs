namespace MLNet.Transformers.Batching;

/// <summary>
/// Cuts rows into batches of similar length: rows are shuffled, sorted by length within stretches of some batches, cut, and the batches
/// shuffled again. Less padding, and still other batches in each epoch: a stretch is a small part of the rows, because sorting all of them
/// would put the same rows together again and again, and length often goes with the class.
/// </summary>
internal static class LengthBuckets
{
    private const int MaxBatchesPerStretch = 16;
    private const int MinStretches = 16;

    /// <summary>The batches of one epoch: row numbers, each exactly once. The same arguments give the same batches.</summary>
    /// <param name="lengths">Tokens of each row.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="random">Source of the order.</param>
    public static List<int[]> Plan(IReadOnlyList<int> lengths, BatchLimits limits, Random random)
    {
        if (lengths.Count == 0)
        {
            return [];
        }
        int[] rows = [.. Enumerable.Range(0, lengths.Count)];
        random.Shuffle(rows);
        int rowsPerBatch = limits.Tokens is { } tokens ? Math.Max(1, tokens / Math.Max(1, (int)lengths.Average())) : limits.Rows;
        int stretch = rowsPerBatch * Math.Clamp(rows.Length / rowsPerBatch / MinStretches, 1, MaxBatchesPerStretch);
        for (int start = 0; start < rows.Length; start += stretch)
        {
            int count = Math.Min(stretch, rows.Length - start);
            int[] keys = [.. rows.AsSpan(start, count).ToArray().Select(row => lengths[row])];
            // A stable sort, so that rows of equal length keep their shuffled order on every platform.
            int[] sorted = [.. Enumerable.Range(0, count).OrderBy(i => keys[i]).Select(i => rows[start + i])];
            sorted.CopyTo(rows, start);
        }
        List<int[]> batches = [.. InOrder(rows, lengths, limits)];
        int[] order = [.. Enumerable.Range(0, batches.Count)];
        random.Shuffle(order);
        return [.. order.Select(i => batches[i])];
    }

    /// <summary>Cuts rows, given in order of length, into batches.</summary>
    public static IEnumerable<int[]> InOrder(IReadOnlyList<int> rows, IReadOnlyList<int> lengths, BatchLimits limits)
    {
        var batch = new List<int>();
        int longest = 0;
        foreach (int row in rows)
        {
            int grown = Math.Max(longest, lengths[row]);
            bool full = limits.Tokens is { } tokens ? grown * (batch.Count + 1) > tokens : batch.Count == limits.Rows;
            if (full && batch.Count > 0)
            {
                yield return [.. batch];
                batch.Clear();
                grown = lengths[row];
            }
            batch.Add(row);
            longest = grown;
        }
        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
