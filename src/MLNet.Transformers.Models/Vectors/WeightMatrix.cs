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
    public abstract void CopyRow(int row, Span<float> values);

    /// <summary>Whether every weight is a number.</summary>
    public abstract bool IsFinite { get; }

    public abstract void Dispose();
}
