namespace MLNet.Transformers.Evaluation;

/// <summary>Words that two texts have in the same order, though not side by side.</summary>
internal static class CommonSubsequence
{
    /// <summary>The length of the longest.</summary>
    public static int Length(string[] right, string[] written) => Table(right, written)[right.Length][written.Length];

    /// <summary>The places in the first text of one of the longest: the one that rouge-score finds, going back from the ends.</summary>
    public static IEnumerable<int> Places(string[] right, string[] written)
    {
        int[][] table = Table(right, written);
        for (int i = right.Length, j = written.Length; i > 0 && j > 0;)
        {
            if (right[i - 1] == written[j - 1])
            {
                yield return --i;
                j--;
            }
            else if (table[i][j - 1] > table[i - 1][j])
            {
                j--;
            }
            else
            {
                i--;
            }
        }
    }

    private static int[][] Table(string[] right, string[] written)
    {
        var table = new int[right.Length + 1][];
        table[0] = new int[written.Length + 1];
        for (int i = 1; i <= right.Length; i++)
        {
            table[i] = new int[written.Length + 1];
            for (int j = 1; j <= written.Length; j++)
            {
                table[i][j] = right[i - 1] == written[j - 1] ? table[i - 1][j - 1] + 1 : Math.Max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table;
    }
}
