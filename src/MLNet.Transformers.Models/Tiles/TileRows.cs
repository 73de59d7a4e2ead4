using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>A vector of each token, of all sequences of a batch, one behind the other and without padding between them.</summary>
/// <param name="width">Values of a vector; what is behind them, up to whole vectors of sixteen, is 0.</param>
internal sealed unsafe class TileRows(int width) : IDisposable
{
    private NativeBuffer? _memory;

    public int Width => width;

    /// <summary>Values from one row to the next.</summary>
    public int Stride { get; } = (width + Tile.Lanes - 1) / Tile.Lanes * Tile.Lanes;

    public float* Row(int row) => (float*)_memory!.Pointer + ((long)row * Stride);

    /// <summary>Makes room; what was there may be lost.</summary>
    public void Reserve(int rows)
    {
        // Whoever reads a panel at the end of the last row reads beyond it.
        long bytes = (((long)rows * Stride) + Tile.Columns) * sizeof(float);
        if (_memory is null || _memory.Bytes < bytes)
        {
            _memory?.Dispose();
            _memory = new NativeBuffer(bytes);
        }
    }

    /// <summary>Moves some rows to the front, each at or behind where it goes.</summary>
    /// <param name="rows">Their numbers, from low to high.</param>
    public void Gather(ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            new Span<float>(Row(rows[i]), Stride).CopyTo(new Span<float>(Row(i), Stride));
        }
    }

    public void Dispose() => _memory?.Dispose();
}
