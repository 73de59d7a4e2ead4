namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Something that reads texts and computes a network's output for each.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>All texts at once, in whatever batches suit the contender.</summary>
    void Batched(IReadOnlyList<string> texts);

    /// <summary>One text after the other.</summary>
    void Single(IReadOnlyList<string> texts);

    /// <summary>What one of several threads asks with: <paramref name="ask"/> computes one text's output.</summary>
    /// <returns>To be disposed when the thread asks no more; null: nothing.</returns>
    IDisposable? Asking(out Action<string> ask);
}
