namespace MLNet.Transformers.Tests.Pretraining.Noises;

/// <summary>Counts what is drawn, and compares the counts with probabilities.</summary>
internal static class Tallies
{
    public const int Draws = 100_000;

    /// <summary>How often each outcome came.</summary>
    public static Dictionary<string, int> Of(int draws, Func<object> draw) =>
        Enumerable.Range(0, draws).GroupBy(_ => draw().ToString()!).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>A count is within five standard deviations of what it is expected to be.</summary>
    public static void AssertShare(double expected, long count, long of) =>
        Assert.True(
            Math.Abs(count - expected * of) <= 5 * Math.Sqrt(of * expected * (1 - expected)) + 1e-6,
            $"{count} of {of} are a share of {(double)count / of:F5}; expected {expected:F5}.");

    /// <summary>There are just so many outcomes, all equally often.</summary>
    public static void AssertUniform(int outcomes, IReadOnlyCollection<int> counts)
    {
        Assert.Equal(outcomes, counts.Count);
        Assert.All(counts, count => AssertShare(1.0 / outcomes, count, counts.Sum()));
    }
}
