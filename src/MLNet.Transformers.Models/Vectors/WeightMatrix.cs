namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// A matrix that one vector at a time is multiplied by, in whatever format its weights are kept. Such a product reads every weight once and computes
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

    /// <summary>Bytes of the weights, scales included.</summary>
    public abstract long Bytes { get; }

    /// <summary>Some outputs: each row times the vector.</summary>
    /// <param name="x">The vector, prepared.</param>
    /// <param name="y">The first output; as many whole tiles as are asked for have room behind it.</param>
    /// <param name="firstTile">Where to begin.</param>
    /// <param name="tiles">How many.</param>
    public abstract void Multiply(VectorBuffer x, float* y, int firstTile, int tiles);

    public abstract void Dispose();
}
