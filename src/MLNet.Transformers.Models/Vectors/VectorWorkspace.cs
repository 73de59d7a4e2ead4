namespace MLNet.Transformers.Models.Vectors;

/// <summary>What the layers of a decoder hand on while they read tokens; each finds its input in <see cref="Hidden"/>, and leaves its output there.</summary>
internal sealed class VectorWorkspace(int hidden, long query, long key, int inner) : IDisposable
{
    /// <summary>Tokens that are read at once, at most: enough to unpack weights once for many, few enough to stay in the processor's cache.</summary>
    public const int Tokens = 32;

    public VectorBuffer Hidden { get; } = new(hidden, Tokens);

    /// <summary>Normalised, before a product; what a part adds, after it.</summary>
    public VectorBuffer Normed { get; } = new(hidden, Tokens);

    public VectorBuffer Added { get; } = new(hidden, Tokens);

    public VectorBuffer Query { get; } = new((int)query, Tokens);

    public VectorBuffer Key { get; } = new((int)key, Tokens);

    public VectorBuffer Value { get; } = new((int)key, Tokens);

    public VectorBuffer Attended { get; } = new((int)query, Tokens);

    /// <summary>Inside of the feed-forward part: the gate, and behind it the values where one matrix makes both.</summary>
    public VectorBuffer Gate { get; } = new(2 * inner, Tokens);

    public VectorBuffer Up { get; } = new(inner, Tokens);

    public void Dispose()
    {
        foreach (VectorBuffer buffer in new[] { Hidden, Normed, Added, Query, Key, Value, Attended, Gate, Up })
        {
            buffer.Dispose();
        }
    }
}
