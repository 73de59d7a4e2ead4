using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// A matrix that one vector, or a few, are multiplied by, in whatever format its weights are kept. Such a product reads every weight once and computes
/// little with it: what it costs is what it reads.
/// </summary>
/// <param name="rows">Outputs.</param>
/// <param name="columns">Inputs.</param>
internal abstract unsafe class WeightMatrix(int rows, int columns) : IDisposable
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Rows that are multiplied together: what begins inside of them cannot be computed alone.</summary>
    public abstract int TileRows { get; }

    public int Tiles => (Rows + TileRows - 1) / TileRows;

    /// <summary>Bytes of the weights, scales included.</summary>
    public abstract long Bytes { get; }

    /// <summary>Some outputs of some vectors: each row times the vector. Whole tiles are written: outputs have room for them.</summary>
    /// <param name="x">The vectors, prepared.</param>
    /// <param name="y">Their outputs.</param>
    /// <param name="count">How many vectors, from the first on.</param>
    /// <param name="firstTile">Where to begin.</param>
    /// <param name="tiles">How many tiles.</param>
    public abstract void Multiply(VectorBuffer x, VectorBuffer y, int count, int firstTile, int tiles);

    /// <summary>Copies a row, as float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void CopyRow(int row, Span<float> values)
    {
        if ((uint)row >= (uint)Rows || values.Length < Columns)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"A table of {Rows} rows of {Columns} values has no such row, or {values.Length} values have no room for it.");
        }
        Copy(row, values);
    }

    /// <summary>Copies all rows, on all cores.</summary>
    /// <param name="target">A float32 tensor of its shape, contiguous, on the CPU.</param>
    public void CopyTo(Tensor target)
    {
        float* values = TensorMemory.Float32(target);
        Parallel.For(0, Rows, row => Copy(row, new Span<float>(values + ((long)row * Columns), Columns)));
    }

    /// <summary>Whether every weight is a number.</summary>
    public abstract bool IsFinite { get; }

    public abstract void Dispose();

    /// <summary>Copies a row that is there into values that have room.</summary>
    protected abstract void Copy(int row, Span<float> values);
}
