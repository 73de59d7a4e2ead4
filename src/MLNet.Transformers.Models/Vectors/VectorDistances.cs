using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>What is added to each head's scores for the distance between the token that is read and those before it, as T5's table of relative positions has it.</summary>
/// <param name="compute">Makes the row of a text's last token: a value a head and key, (heads, keys).</param>
internal sealed unsafe class VectorDistances(Func<int, float[]> compute) : IDisposable
{
    private const int FirstRoom = 256;

    // Vectors are read past the last key.
    private const int Behind = 16;

    private NativeBuffer? _row;
    private int _room;

    /// <summary>Makes room before threads read.</summary>
    /// <param name="keys">Tokens, the one that is read included.</param>
    public void Reserve(int keys)
    {
        if (keys <= _room)
        {
            return;
        }
        int room = (int)Math.Max(FirstRoom, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys));
        float[] values = compute(room);
        var row = new NativeBuffer((values.Length + Behind) * sizeof(float));
        values.CopyTo(new Span<float>(row.Pointer, values.Length));
        _row?.Dispose();
        (_row, _room) = (row, room);
    }

    /// <summary>The values of a head, the first key's first: the row of a longer text, from where as many keys are left.</summary>
    public float* Of(int head, int keys) => (float*)_row!.Pointer + ((long)head * _room) + (_room - keys);

    public void Dispose() => _row?.Dispose();
}
