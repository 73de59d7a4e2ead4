using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A layer x·Wᵀ + b for one vector.</summary>
/// <param name="Matrix">W.</param>
/// <param name="Bias">b, or null.</param>
internal sealed record VectorLinear(WeightMatrix Matrix, VectorBuffer? Bias);

/// <summary>Products of vectors with several matrices, each into a buffer of its own, on all threads of the team.</summary>
internal sealed unsafe class Products : IPieces
{
    // What a thread takes at once: enough that taking it costs nothing beside it, little enough that nobody waits long for the last.
    private const long LeastPieceBytes = 16 << 10;
    private const long MostPieceBytes = 128 << 10;
    private const int PiecesOfThread = 4;

    private readonly VectorBuffer _input;
    private readonly (VectorLinear Linear, VectorBuffer Output, int FirstPiece, int TilesOfPiece)[] _parts;
    private readonly int _pieces;
    private int _count;

    /// <param name="input">The vector.</param>
    /// <param name="parts">Layers, and where their results go.</param>
    public Products(VectorBuffer input, params ReadOnlySpan<(VectorLinear Linear, VectorBuffer Output)> parts)
    {
        _input = input;
        long bytes = 0;
        foreach ((VectorLinear linear, _) in parts)
        {
            bytes += linear.Matrix.Bytes;
        }
        long pieceBytes = Math.Clamp(bytes / (PiecesOfThread * Environment.ProcessorCount), LeastPieceBytes, MostPieceBytes);
        _parts = new (VectorLinear, VectorBuffer, int, int)[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            WeightMatrix matrix = parts[i].Linear.Matrix;
            int tiles = matrix.Tiles;
            int tilesOfPiece = (int)Math.Max(1, pieceBytes / Math.Max(1, matrix.Bytes / tiles));
            _parts[i] = (parts[i].Linear, parts[i].Output, _pieces, tilesOfPiece);
            _pieces += (tiles + tilesOfPiece - 1) / tilesOfPiece;
        }
    }

    /// <param name="step">Which vectors, and who computes.</param>
    public void Run(VectorStep step)
    {
        _count = step.Count;
        for (int vector = 0; vector < _count; vector++)
        {
            _input.Prepare(vector);
        }
        WorkTeam.Run(this, _pieces, step.Threads);
    }

    public void Do(int piece)
    {
        int part = _parts.Length - 1;
        while (_parts[part].FirstPiece > piece)
        {
            part--;
        }
        (VectorLinear linear, VectorBuffer output, int first, int tilesOfPiece) = _parts[part];
        WeightMatrix matrix = linear.Matrix;
        int tile = (piece - first) * tilesOfPiece;
        int tiles = Math.Min(tilesOfPiece, matrix.Tiles - tile);
        matrix.Multiply(_input, output, _count, tile, tiles);
        if (linear.Bias is { } bias)
        {
            int row = tile * matrix.TileRows, end = Math.Min(matrix.Rows, row + (tiles * matrix.TileRows));
            for (int vector = 0; vector < _count; vector++)
            {
                for (int i = row; i < end; i++)
                {
                    output.Pointer(vector)[i] += bias.Pointer(0)[i];
                }
            }
        }
    }
}
