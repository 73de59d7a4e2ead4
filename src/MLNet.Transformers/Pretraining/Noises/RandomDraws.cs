namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>What the noises draw.</summary>
internal static class RandomDraws
{
    /// <summary>Some of the numbers from 0 to below a count, each at most once, in random order.</summary>
    public static int[] Sample(this Random random, int count, int size)
    {
        int[] numbers = [.. Enumerable.Range(0, count)];
        random.Shuffle(numbers);
        return numbers[..size];
    }

    /// <summary>How many of some things a share is, rounded up, but for what a multiplication adds: 0.07 of 100 are 7.</summary>
    public static int ShareOf(int count, double share) => (int)Math.Ceiling(count * share - 1e-9);
}
