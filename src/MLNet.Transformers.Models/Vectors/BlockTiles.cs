using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    private readonly NativeBuffer _memory;
    private readonly int _blocks;

    private BlockTiles(int rows, int columns)
        : base(rows, columns)
    {
        _blocks = columns / TFormat.Values;
        _memory = new NativeBuffer((long)Tiles * _blocks * TFormat.TileBytes);
    }

    public override int TileRows => BlockTile.Rows;

    public override long Bytes => _memory.Bytes;

    private int Tiles => (Rows + BlockTile.Rows - 1) / BlockTile.Rows;

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
                for (int block = 0; block < matrix._blocks; block++)
                {
                    TFormat.Interleave(blocks.Slice(block * TFormat.BlockBytes, TFormat.BlockBytes), matrix.Block(tile, block), lane);
                }
            }
        });
        return matrix;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(VectorBuffer x, float* y, int firstTile, int tiles)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            MultiplyByHalves(x, y, firstTile, tiles);
            return;
        }
        for (int tile = firstTile; tile < firstTile + tiles; tile++, y += BlockTile.Rows)
        {
            byte* block = Block(tile, 0);
            float* values = x.Pointer, sums = x.Sums;
            Vector512<float> sum = default;
            for (int i = 0; i < _blocks; i++)
            {
                sum = TFormat.Add(block, values, sums, sum);
                block += TFormat.TileBytes;
                values += TFormat.Values;
                sums += TFormat.Values / VectorBuffer.Block;
            }
            sum.Store(y);
        }
    }

    /// <summary>The same for processors whose vectors are half as wide: eight rows, then the other eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void MultiplyByHalves(VectorBuffer x, float* y, int firstTile, int tiles)
    {
        for (int half = 2 * firstTile; half < 2 * (firstTile + tiles); half++, y += BlockTile.Rows / 2)
        {
            byte* block = Block(half / 2, 0);
            float* values = x.Pointer, sums = x.Sums;
            Vector256<float> sum = default;
            for (int i = 0; i < _blocks; i++)
            {
                sum = TFormat.Add(block, half % 2, values, sums, sum);
                block += TFormat.TileBytes;
                values += TFormat.Values;
                sums += TFormat.Values / VectorBuffer.Block;
            }
            sum.Store(y);
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

    /// <summary>Puts a block of a file into its lane.</summary>
    static abstract void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane);

    /// <summary>Adds the products of a tile's blocks with the values that stand before them.</summary>
    /// <param name="tile">Sixteen blocks.</param>
    /// <param name="x">The vector's values for this block.</param>
    /// <param name="sums">Sums of each 32 of them.</param>
    /// <param name="sum">The sums so far, a row a lane.</param>
    static abstract Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum);

    /// <summary>The same for eight rows: the first half of the lanes, or the second.</summary>
    static abstract Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum);
}
