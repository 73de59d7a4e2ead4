using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>Products of the same rows with several matrices, each into rows of its own; a piece of work is a panel of columns for some of the rows.</summary>
/// <param name="input">The rows.</param>
/// <param name="activation">What the results go through; null: nothing.</param>
/// <param name="parts">Matrices, and where their results go.</param>
internal sealed unsafe class TiledProducts(TileRows input, VectorActivation? activation, params (TiledMatrix Matrix, TileRows Output)[] parts) : IPieces
{
    // Few enough that they stay in the processor's cache beside a panel.
    private const int MostRows = 96;

    private int _rows;
    private int _chunks;

    public void Run(int rows, int threads)
    {
        (_rows, _chunks) = (rows, (rows + MostRows - 1) / MostRows);
        WorkTeam.Run(this, parts.Sum(part => part.Matrix.Panels) * _chunks, threads);
    }

    public void Do(int piece)
    {
        (int panel, int chunk) = Math.DivRem(piece, _chunks);
        int part = 0;
        for (; panel >= parts[part].Matrix.Panels; part++)
        {
            panel -= parts[part].Matrix.Panels;
        }
        (TiledMatrix matrix, TileRows output) = parts[part];
        int first = (int)((long)_rows * chunk / _chunks), count = (int)((long)_rows * (chunk + 1) / _chunks) - first, lanes = matrix.Lanes(panel);
        float* result = output.Row(first) + (panel * Tile.Columns);
        Tile.Multiply(input.Row(first), input.Stride, matrix.Panel(panel), Tile.Columns, matrix.Inputs, count, lanes, result, output.Stride);
        Finish(result, output.Stride, count, lanes, matrix.Bias(panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(float* result, int stride, int rows, int lanes, float* bias)
    {
        if (bias is null && activation is null)
        {
            return;
        }
        for (int row = 0; row < rows; row++, result += stride)
        {
            for (int i = 0; i < lanes * Tile.Lanes; i += Tile.Lanes)
            {
                Vector512<float> sum = Vector512.Load(result + i);
                sum = bias is null ? sum : sum + Vector512.Load(bias + i);
                (activation is null ? sum : activation(sum)).Store(result + i);
            }
        }
    }
}
