using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>As <see cref="Nn.LayerNorm"/>, of rows to which others may be added before.</summary>
internal sealed unsafe class TiledNorm : IDisposable
{
    private const int RowsOfPiece = 32;

    private readonly NativeBuffer _scale;
    private readonly NativeBuffer _shift;
    private readonly int _width;
    private readonly float _epsilon;

    /// <param name="weight">(width), float32, on the CPU.</param>
    /// <param name="bias">(width).</param>
    /// <param name="epsilon">Added to the variance.</param>
    public TiledNorm(Tensor weight, Tensor bias, double epsilon)
    {
        (_width, _epsilon) = ((int)weight.shape[0], (float)epsilon);
        (_scale, _shift) = (Copy(weight), Copy(bias));
    }

    /// <summary>rows = norm(rows + added).</summary>
    public void Run(TileRows rows, TileRows? added, int count, int threads) =>
        WorkTeam.Run(new Work(this, rows, added, count), (count + RowsOfPiece - 1) / RowsOfPiece, threads);

    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
    }

    private NativeBuffer Copy(Tensor values)
    {
        using var scope = NewDisposeScope();
        var copy = new NativeBuffer((_width + Tile.Lanes) * sizeof(float));
        new Span<float>(TensorMemory.Float32(values.contiguous()), _width).CopyTo(new Span<float>(copy.Pointer, _width));
        return copy;
    }

    // What is behind the last value is 0 and stays 0, as scale and shift are 0 there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(float* row, float* added)
    {
        float* scale = (float*)_scale.Pointer, shift = (float*)_shift.Pointer;
        Vector512<float> sum = default;
        for (int i = 0; i < _width; i += Tile.Lanes)
        {
            Vector512<float> x = Vector512.Load(row + i);
            if (added is not null)
            {
                x += Vector512.Load(added + i);
                x.Store(row + i);
            }
            sum += x;
        }
        Vector512<float> mean = Vector512.Create(Vector512.Sum(sum) / _width), squares = default;
        int whole = _width / Tile.Lanes * Tile.Lanes;
        for (int i = 0; i < whole; i += Tile.Lanes)
        {
            Vector512<float> distance = Vector512.Load(row + i) - mean;
            squares = Vector512.FusedMultiplyAdd(distance, distance, squares);
        }
        float rest = 0;
        for (int i = whole; i < _width; i++)
        {
            rest += (row[i] - mean[0]) * (row[i] - mean[0]);
        }
        Vector512<float> factor = Vector512.Create(1 / MathF.Sqrt(((Vector512.Sum(squares) + rest) / _width) + _epsilon));
        for (int i = 0; i < _width; i += Tile.Lanes)
        {
            Vector512.FusedMultiplyAdd((Vector512.Load(row + i) - mean) * factor, Vector512.Load(scale + i), Vector512.Load(shift + i)).Store(row + i);
        }
    }

    private sealed class Work(TiledNorm norm, TileRows rows, TileRows? added, int count) : IPieces
    {
        public void Do(int piece)
        {
            for (int row = piece * RowsOfPiece; row < Math.Min(count, (piece + 1) * RowsOfPiece); row++)
            {
                norm.Forward(rows.Row(row), added is null ? null : added.Row(row));
            }
        }
    }
}
