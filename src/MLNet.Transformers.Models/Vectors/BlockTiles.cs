using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// Weights in blocks of a few bits a value with scales of their own, as GGUF files have them. Sixteen rows lie interleaved, a row in each lane of a
/// vector, so that a product has no sums across lanes; each weight becomes the float32 that the block stands for, so that only the order of additions
/// differs from a product with plain weights.
/// </summary>
/// <typeparam name="TFormat">The format.</typeparam>
internal sealed unsafe class BlockTiles<TFormat> : WeightMatrix
    where TFormat : struct, IBlockFormat
{
    // As many vectors as pay for weights that are unpacked into memory first.
    private const int LeastTogether = 3;

    private readonly NativeBuffer _memory;
    private readonly int _blocks;
    private volatile bool _hasFaults;

    private BlockTiles(int rows, int columns)
        : base(rows, columns)
    {
        _blocks = columns / TFormat.Values;
        _memory = new NativeBuffer((long)Tiles * _blocks * TFormat.TileBytes);
    }

    public override int TileRows => BlockTile.Rows;

    public override bool IsFinite => !_hasFaults;

    public override long Bytes => _memory.Bytes;

    /// <summary>Interleaves rows of blocks.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Values of a row, whole blocks.</param>
    /// <param name="row">The blocks of a row; asked for from several threads.</param>
    public static BlockTiles<TFormat> Of(int rows, int columns, RowOfBlocks row)
    {
        var matrix = new BlockTiles<TFormat>(rows, columns);
        Parallel.For(0, matrix.Tiles, tile =>
        {
            for (int lane = 0; lane < BlockTile.Rows && (tile * BlockTile.Rows) + lane < rows; lane++)
            {
                ReadOnlySpan<byte> blocks = row((tile * BlockTile.Rows) + lane);
                for (int i = 0; i < matrix._blocks; i++)
                {
                    ReadOnlySpan<byte> block = blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes);
                    TFormat.Interleave(block, matrix.Block(tile, i), lane);
                    foreach (int scale in TFormat.Scales)
                    {
                        if (!Half.IsFinite(BinaryPrimitives.ReadHalfLittleEndian(block[scale..])))
                        {
                            matrix._hasFaults = true;
                        }
                    }
                }
            }
        });
        return matrix;
    }

    public override void Multiply(VectorBuffer x, VectorBuffer y, int count, int firstTile, int tiles)
    {
        for (int tile = firstTile; tile < firstTile + tiles; tile++)
        {
            if (count >= LeastTogether)
            {
                MultiplyTogether(x, y, count, tile);
                continue;
            }
            for (int vector = 0; vector < count; vector++)
            {
                float* result = y.Pointer(vector) + (tile * BlockTile.Rows);
                if (Vector512.IsHardwareAccelerated)
                {
                    Multiply(x.Pointer(vector), x.Sums(vector), result, tile);
                }
                else
                {
                    MultiplyByHalves(x.Pointer(vector), x.Sums(vector), result, tile);
                }
            }
        }
    }

    protected override void Copy(int row, Span<float> values)
    {
        (int tile, int lane) = Math.DivRem(row, BlockTile.Rows);
        float* unpacked = stackalloc float[TFormat.Values * BlockTile.Rows];
        for (int block = 0; block < _blocks; block++)
        {
            TFormat.Unpack(Block(tile, block), unpacked);
            for (int i = 0; i < TFormat.Values; i++)
            {
                values[(block * TFormat.Values) + i] = unpacked[(i * BlockTile.Rows) + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* x, float* sums, float* y, int tile)
    {
        byte* block = Block(tile, 0);
        Vector512<float> sum = default;
        for (int i = 0; i < _blocks; i++)
        {
            sum = TFormat.Add(block, x, sums, sum);
            block += TFormat.TileBytes;
            x += TFormat.Values;
            sums += TFormat.Values / VectorBuffer.Block;
        }
        sum.Store(y);
    }

    /// <summary>The same for processors whose vectors are half as wide: eight rows, then the other eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void MultiplyByHalves(float* x, float* sums, float* y, int tile)
    {
        for (int half = 0; half < 2; half++, y += BlockTile.Rows / 2)
        {
            byte* block = Block(tile, 0);
            float* values = x, blockSums = sums;
            Vector256<float> sum = default;
            for (int i = 0; i < _blocks; i++)
            {
                sum = TFormat.Add(block, half, values, blockSums, sum);
                block += TFormat.TileBytes;
                values += TFormat.Values;
                blockSums += TFormat.Values / VectorBuffer.Block;
            }
            sum.Store(y);
        }
    }

    // Weights are unpacked once for all vectors.
    private void MultiplyTogether(VectorBuffer x, VectorBuffer y, int count, int tile)
    {
        float* weights = stackalloc float[TFormat.Values * BlockTile.Rows];
        int at = tile * BlockTile.Rows;
        for (int vector = 0; vector < count; vector++)
        {
            Vector512<float>.Zero.Store(y.Pointer(vector) + at);
        }
        for (int block = 0; block < _blocks; block++)
        {
            TFormat.Unpack(Block(tile, block), weights);
            int from = block * TFormat.Values, vector = 0;
            for (; vector <= count - 4; vector += 4)
            {
                BlockTile.AddFourProducts(
                    weights, TFormat.Values, x.Pointer(vector) + from, x.Pointer(vector + 1) + from, x.Pointer(vector + 2) + from, x.Pointer(vector + 3) + from,
                    y.Pointer(vector) + at, y.Pointer(vector + 1) + at, y.Pointer(vector + 2) + at, y.Pointer(vector + 3) + at);
            }
            for (; vector < count; vector++)
            {
                BlockTile.AddProduct(weights, TFormat.Values, x.Pointer(vector) + from, y.Pointer(vector) + at);
            }
        }
    }

    public override void Dispose() => _memory.Dispose();

    private byte* Block(int tile, int block) => _memory.Pointer + ((((long)tile * _blocks) + block) * TFormat.TileBytes);
}

/// <summary>The blocks of a row of a matrix, one after the other.</summary>
internal delegate ReadOnlySpan<byte> RowOfBlocks(int row);

/// <summary>How the blocks of sixteen rows lie interleaved, and what they are multiplied with.</summary>
internal unsafe interface IBlockFormat
{
    /// <summary>Values of a block.</summary>
    static abstract int Values { get; }

    /// <summary>Bytes of a block in a file.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Bytes of sixteen blocks, interleaved.</summary>
    static abstract int TileBytes { get; }

    /// <summary>Where in a block of a file float16 stand.</summary>
    static abstract ReadOnlySpan<int> Scales { get; }

    /// <summary>Puts a block of a file into its lane.</summary>
    static abstract void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane);

    /// <summary>The values that a tile's blocks stand for, as a file's decoder gives them.</summary>
    /// <param name="tile">Sixteen blocks.</param>
    /// <param name="values">Of each place in the blocks sixteen values, a row a lane.</param>
    static abstract void Unpack(byte* tile, float* values);

    /// <summary>Adds the products of a tile's blocks with the values that stand before them.</summary>
    /// <param name="tile">Sixteen blocks.</param>
    /// <param name="x">The vector's values for this block.</param>
    /// <param name="sums">Sums of each 32 of them.</param>
    /// <param name="sum">The sums so far, a row a lane.</param>
    static abstract Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum);

    /// <summary>The same for eight rows: the first half of the lanes, or the second.</summary>
    static abstract Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum);
}
