namespace MLNet.Transformers.Models.Vectors;

/// <summary>What the layers of a decoder hand on while they read a token; each finds its input in <see cref="Hidden"/>, and leaves its output there.</summary>
internal sealed class VectorWorkspace(int hidden, long query, long key, int inner) : IDisposable
{
    public VectorBuffer Hidden { get; } = new(hidden);

    /// <summary>Normalised, before a product; what a part adds, after it.</summary>
    public VectorBuffer Normed { get; } = new(hidden);

    public VectorBuffer Added { get; } = new(hidden);

    public VectorBuffer Query { get; } = new((int)query);

    public VectorBuffer Key { get; } = new((int)key);

    public VectorBuffer Value { get; } = new((int)key);

    public VectorBuffer Attended { get; } = new((int)query);

    /// <summary>Inside of the feed-forward part: the gate, and behind it the values where one matrix makes both.</summary>
    public VectorBuffer Gate { get; } = new(2 * inner);

    public VectorBuffer Up { get; } = new(inner);

    public void Dispose()
    {
        foreach (VectorBuffer buffer in new[] { Hidden, Normed, Added, Query, Key, Value, Attended, Gate, Up })
        {
            buffer.Dispose();
        }
    }
}
