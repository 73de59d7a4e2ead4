namespace MLNet.Transformers.Models.Runtime;

/// <summary>The number of threads that a thread was told to compute with, and the most that the user allows: a number that we did not set is the user's.</summary>
internal sealed record ThreadNumber(int Told, int Limit)
{
    /// <summary>Where nothing was told yet: whatever is found is the user's, or libtorch's default.</summary>
    public static ThreadNumber None { get; } = new(0, 0);

    /// <param name="found">The number that is set now.</param>
    /// <param name="free">Cores that can be counted on.</param>
    public ThreadNumber Next(int found, int free)
    {
        int limit = found == Told ? Limit : found;
        int threads = Math.Min(limit, free);
        return threads == Told && limit == Limit ? this : new ThreadNumber(threads, limit);
    }
}
