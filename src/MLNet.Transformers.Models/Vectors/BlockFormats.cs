using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Q4_0: 32 values of four bits, less 8, times a float16.</summary>
internal readonly unsafe struct Q4_0Format : IBlockFormat
{
    public static int Values => 32;

    public static int BlockBytes => 18;

    public static int TileBytes => (4 * BlockTile.Line) + BlockTile.Scales;

    public static ReadOnlySpan<int> Scales => [0];

    public static void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane)
    {
        FourBits.Interleave(block.Slice(2, 16), tile, lane);
        ((ushort*)(tile + (4 * BlockTile.Line)))[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* tile, float* values)
    {
        Vector512<float> scale = BlockTile.Float16(tile + (4 * BlockTile.Line));
        BlockTile.UnpackFours(tile, values, middle: 8);
        for (int i = 0; i < Values; i++, values += BlockTile.Rows)
        {
            (Vector512.Load(values) * scale).Store(values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum) => Vector512.FusedMultiplyAdd(
        BlockTile.Float16(tile + (4 * BlockTile.Line)),
        BlockTile.Fours(tile, Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7), x),
        sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum) => Vector256.FusedMultiplyAdd(
        BlockTile.EightFloat16(tile + (4 * BlockTile.Line) + (half * BlockTile.Scales / 2)),
        BlockTile.Fours(tile + (half * BlockTile.Line / 2), x) - Vector256.Create(8 * sums[0]),
        sum);
}

/// <summary>Q4_1: 32 values of four bits times a float16, and a float16 added.</summary>
internal readonly unsafe struct Q4_1Format : IBlockFormat
{
    public static int Values => 32;

    public static int BlockBytes => 20;

    public static int TileBytes => (4 * BlockTile.Line) + (2 * BlockTile.Scales);

    public static ReadOnlySpan<int> Scales => [0, 2];

    public static void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane)
    {
        FourBits.Interleave(block.Slice(4, 16), tile, lane);
        ushort* scales = (ushort*)(tile + (4 * BlockTile.Line));
        scales[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block);
        scales[BlockTile.Rows + lane] = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* tile, float* values)
    {
        Vector512<float> scale = BlockTile.Float16(tile + (4 * BlockTile.Line)), minimum = BlockTile.Float16(tile + (4 * BlockTile.Line) + BlockTile.Scales);
        BlockTile.UnpackFours(tile, values, middle: 0);
        for (int i = 0; i < Values; i++, values += BlockTile.Rows)
        {
            ((Vector512.Load(values) * scale) + minimum).Store(values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum)
    {
        byte* scales = tile + (4 * BlockTile.Line);
        sum = Vector512.FusedMultiplyAdd(BlockTile.Float16(scales), BlockTile.Fours(tile, FourBits.Table, x), sum);
        return Vector512.FusedMultiplyAdd(BlockTile.Float16(scales + BlockTile.Scales), Vector512.Create(sums[0]), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum)
    {
        byte* scales = tile + (4 * BlockTile.Line) + (half * BlockTile.Scales / 2);
        sum = Vector256.FusedMultiplyAdd(BlockTile.EightFloat16(scales), BlockTile.Fours(tile + (half * BlockTile.Line / 2), x), sum);
        return Vector256.FusedMultiplyAdd(BlockTile.EightFloat16(scales + BlockTile.Scales), Vector256.Create(sums[0]), sum);
    }
}

/// <summary>Q8_0: 32 signed bytes times a float16.</summary>
internal readonly unsafe struct Q8_0Format : IBlockFormat
{
    public static int Values => 32;

    public static int BlockBytes => 34;

    public static int TileBytes => (8 * BlockTile.Line) + BlockTile.Scales;

    public static ReadOnlySpan<int> Scales => [0];

    public static void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane)
    {
        for (int i = 0; i < Values; i++)
        {
            BlockTile.Put(tile, lane, 8, i, block[2 + i]);
        }
        ((ushort*)(tile + (8 * BlockTile.Line)))[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* tile, float* values)
    {
        Vector512<float> scale = BlockTile.Float16(tile + (8 * BlockTile.Line));
        for (int i = 0; i < Values; i++, values += BlockTile.Rows)
        {
            Vector512<int> words = Vector512.Load((int*)(tile + (i / 4 * BlockTile.Line)));
            (Vector512.ConvertToSingle((words << (24 - (i % 4 * 8))) >> 24) * scale).Store(values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(BlockTile.Float16(tile + (8 * BlockTile.Line)), BlockTile.Bytes(tile, x), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum) => Vector256.FusedMultiplyAdd(
        BlockTile.EightFloat16(tile + (8 * BlockTile.Line) + (half * BlockTile.Scales / 2)), BlockTile.Bytes256(tile + (half * BlockTile.Line / 2), x), sum);
}

/// <summary>
/// Q4_K: 256 values of four bits in eight parts; a part's values are multiplied with a number of six bits times a float16, and another such product
/// is taken from them.
/// </summary>
internal readonly unsafe struct Q4_KFormat : IBlockFormat
{
    private const int Parts = 8;
    private const int PartLines = 4 * BlockTile.Line;

    // Behind the lines: two float16 a row, then of each part a byte and a byte a row.
    private const int ScalesAt = Parts * PartLines;
    private const int PartScalesAt = ScalesAt + (2 * BlockTile.Scales);

    public static int Values => 256;

    public static int BlockBytes => 144;

    public static int TileBytes => PartScalesAt + (2 * Parts * BlockTile.Rows);

    public static ReadOnlySpan<int> Scales => [0, 2];

    public static void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane)
    {
        ((ushort*)(tile + ScalesAt))[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block);
        ((ushort*)(tile + ScalesAt + BlockTile.Scales))[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (int part = 0; part < Parts; part++)
        {
            ReadOnlySpan<byte> bits = block.Slice(16 + (part / 2 * 32), 32);
            for (int i = 0; i < 32; i++)
            {
                BlockTile.Put(tile + (part * PartLines), lane, 4, i, (bits[i] >> (part % 2 * 4)) & 0xF);
            }
            (int scale, int minimum) = Checkpoints.Gguf.SuperBlocks.SixBits(block.Slice(4, 12), part);
            byte* scales = tile + PartScalesAt + (part * 2 * BlockTile.Rows);
            (scales[lane], scales[BlockTile.Rows + lane]) = ((byte)scale, (byte)minimum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* tile, float* values)
    {
        Vector512<float> scale = BlockTile.Float16(tile + ScalesAt), minimum = BlockTile.Float16(tile + ScalesAt + BlockTile.Scales);
        byte* partScales = tile + PartScalesAt;
        for (int part = 0; part < Parts; part++, partScales += 2 * BlockTile.Rows)
        {
            Vector512<float> step = scale * BlockTile.Numbers(partScales), offset = minimum * BlockTile.Numbers(partScales + BlockTile.Rows);
            BlockTile.UnpackFours(tile + (part * PartLines), values, middle: 0);
            for (int i = 0; i < 32; i++, values += BlockTile.Rows)
            {
                ((Vector512.Load(values) * step) - offset).Store(values);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum)
    {
        Vector512<float> scale = BlockTile.Float16(tile + ScalesAt), minimum = BlockTile.Float16(tile + ScalesAt + BlockTile.Scales);
        byte* partScales = tile + PartScalesAt;
        for (int part = 0; part < Parts; part++, partScales += 2 * BlockTile.Rows)
        {
            Vector512<float> step = scale * BlockTile.Numbers(partScales), offset = minimum * BlockTile.Numbers(partScales + BlockTile.Rows);
            sum = Vector512.FusedMultiplyAdd(step, BlockTile.Fours(tile + (part * PartLines), FourBits.Table, x + (part * 32)), sum);
            sum -= offset * Vector512.Create(sums[part]);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum)
    {
        byte* scales = tile + ScalesAt + (half * BlockTile.Scales / 2);
        Vector256<float> scale = BlockTile.EightFloat16(scales), minimum = BlockTile.EightFloat16(scales + BlockTile.Scales);
        byte* partScales = tile + PartScalesAt + (half * BlockTile.Rows / 2);
        for (int part = 0; part < Parts; part++, partScales += 2 * BlockTile.Rows)
        {
            Vector256<float> step = scale * BlockTile.EightNumbers(partScales), offset = minimum * BlockTile.EightNumbers(partScales + BlockTile.Rows);
            sum = Vector256.FusedMultiplyAdd(step, BlockTile.Fours(tile + (part * PartLines) + (half * BlockTile.Line / 2), x + (part * 32)), sum);
            sum -= offset * Vector256.Create(sums[part]);
        }
        return sum;
    }
}

/// <summary>Blocks whose sixteen bytes hold the first sixteen values in their low halves, and the others in their high ones.</summary>
internal static unsafe class FourBits
{
    /// <summary>Each number as it is.</summary>
    public static Vector512<float> Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    public static void Interleave(ReadOnlySpan<byte> bits, byte* tile, int lane)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            BlockTile.Put(tile, lane, 4, i, bits[i] & 0xF);
            BlockTile.Put(tile, lane, 4, i + bits.Length, bits[i] >> 4);
        }
    }
}
