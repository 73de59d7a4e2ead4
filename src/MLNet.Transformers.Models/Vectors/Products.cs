namespace MLNet.Transformers.Models.Vectors;

/// <summary>A layer x·Wᵀ + b for one vector.</summary>
/// <param name="Matrix">W.</param>
/// <param name="Bias">b, or null.</param>
internal sealed unsafe record VectorLinear(WeightMatrix Matrix, VectorBuffer? Bias);

/// <summary>Products of one vector with several matrices, each into a buffer of its own, on all threads of the team.</summary>
internal sealed unsafe class Products : IPieces
{
    // What a thread takes at once: enough that taking it costs nothing beside it, little enough that nobody waits long for the last.
    private const long LeastPieceBytes = 16 << 10;
    private const long MostPieceBytes = 128 << 10;
    private const int Pieces = 8;

    private readonly VectorBuffer _input;
    private readonly (VectorLinear Linear, VectorBuffer Output, int FirstPiece, int TilesOfPiece)[] _parts;
    private readonly int _pieces;

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
        long pieceBytes = Math.Clamp(bytes / Pieces, LeastPieceBytes, MostPieceBytes);
        _parts = new (VectorLinear, VectorBuffer, int, int)[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            WeightMatrix matrix = parts[i].Linear.Matrix;
            int tiles = Tiles(matrix);
            int tilesOfPiece = (int)Math.Max(1, pieceBytes / Math.Max(1, matrix.Bytes / tiles));
            _parts[i] = (parts[i].Linear, parts[i].Output, _pieces, tilesOfPiece);
            _pieces += (tiles + tilesOfPiece - 1) / tilesOfPiece;
        }
    }

    /// <param name="alone">As <see cref="WorkTeam.Run"/> takes it.</param>
    public void Run(bool alone)
    {
        _input.Prepare();
        WorkTeam.Run(this, _pieces, alone);
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
        int tiles = Math.Min(tilesOfPiece, Tiles(matrix) - tile);
        int row = tile * matrix.TileRows;
        matrix.Multiply(_input, output.Pointer + row, tile, tiles);
        if (linear.Bias is { } bias)
        {
            int end = Math.Min(matrix.Rows, row + (tiles * matrix.TileRows));
            for (int i = row; i < end; i++)
            {
                output.Pointer[i] += bias.Pointer[i];
            }
        }
    }

    private static int Tiles(WeightMatrix matrix) => (matrix.Rows + matrix.TileRows - 1) / matrix.TileRows;
}
