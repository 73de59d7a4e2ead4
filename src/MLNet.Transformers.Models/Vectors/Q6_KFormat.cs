using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Q6_K: 256 values of six bits, less 32, in sixteen parts with a signed byte each, which is multiplied with a float16.</summary>
internal readonly unsafe struct Q6_KFormat : IBlockFormat
{
    private const int Parts = 16;
    private const int PartValues = 16;

    // Of a part, two lines with the lower four bits and one with the upper two.
    private const int PartLines = 3 * BlockTile.Line;
    private const int ScaleAt = Parts * PartLines;
    private const int PartScalesAt = ScaleAt + BlockTile.Scales;

    public static int Values => 256;

    public static int BlockBytes => 210;

    public static int TileBytes => PartScalesAt + (Parts * BlockTile.Rows);

    public static ReadOnlySpan<int> Scales => [208];

    public static void Interleave(ReadOnlySpan<byte> block, byte* tile, int lane)
    {
        ReadOnlySpan<byte> low = block[..128], high = block.Slice(128, 64);
        ((ushort*)(tile + ScaleAt))[lane] = BinaryPrimitives.ReadUInt16LittleEndian(block[208..]);
        for (int part = 0; part < Parts; part++)
        {
            byte* lines = tile + (part * PartLines);
            // 128 values: the low halves of 64 bytes, then the high ones; their upper bits are in 32 bytes, two bits for each quarter.
            (int half, int within) = (part / 8, part % 8 * PartValues);
            for (int i = 0; i < PartValues; i++)
            {
                BlockTile.Put(lines, lane, 4, i, (low[(half * 64) + (within % 64) + i] >> (within / 64 * 4)) & 0xF);
                BlockTile.Put(lines + (2 * BlockTile.Line), lane, 2, i, (high[(half * 32) + (within % 32) + i] >> (within / 32 * 2)) & 3);
            }
            tile[PartScalesAt + (part * BlockTile.Rows) + lane] = block[192 + part];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(byte* tile, float* values)
    {
        Vector512<float> scale = BlockTile.Float16(tile + ScaleAt);
        byte* partScales = tile + PartScalesAt;
        for (int part = 0; part < Parts; part++, tile += PartLines, partScales += BlockTile.Rows)
        {
            Vector512<float> step = scale * Signed(partScales);
            Vector512<int> upper = Vector512.Load((int*)(tile + (2 * BlockTile.Line)));
            for (int i = 0; i < PartValues; i++, values += BlockTile.Rows)
            {
                Vector512<int> low = Vector512.Load((int*)(tile + (i / 8 * BlockTile.Line))) >>> (i % 8 * 4);
                Vector512<int> number = (low & Vector512.Create(15)) | (((upper >>> (2 * i)) & Vector512.Create(3)) << 4);
                (Vector512.ConvertToSingle(number - Vector512.Create(32)) * step).Store(values);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(byte* tile, float* x, float* sums, Vector512<float> sum)
    {
        Vector512<float> scale = BlockTile.Float16(tile + ScaleAt);
        byte* partScales = tile + PartScalesAt;
        for (int part = 0; part < Parts; part++, tile += PartLines, x += PartValues, partScales += BlockTile.Rows)
        {
            Vector512<float> step = scale * Signed(partScales);
            sum = Vector512.FusedMultiplyAdd(step, Products(tile, x), sum);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(byte* tile, int half, float* x, float* sums, Vector256<float> sum)
    {
        Vector256<float> scale = BlockTile.EightFloat16(tile + ScaleAt + (half * BlockTile.Scales / 2));
        byte* partScales = tile + PartScalesAt + (half * BlockTile.Rows / 2);
        byte* lines = tile + (half * BlockTile.Line / 2);
        for (int part = 0; part < Parts; part++, lines += PartLines, x += PartValues, partScales += BlockTile.Rows)
        {
            sum = Vector256.FusedMultiplyAdd(scale * EightNumbers(partScales), EightProducts(lines, x), sum);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Products(byte* lines, float* x)
    {
        Vector512<int> first = Vector512.Load((int*)lines), second = Vector512.Load((int*)(lines + BlockTile.Line));
        // The upper bits of the second eight values are in the upper half of the word.
        Vector512<int> upper = Vector512.Load((int*)(lines + (2 * BlockTile.Line))), upperSecond = upper >>> 16;
        Vector512<int> four = Vector512.Create(15), two = Vector512.Create(3 << 4), middle = Vector512.Create(32);
        (upper, upperSecond) = (upper << 4, upperSecond << 4);
        Vector512<float> s0 = default, s1 = default;
        for (int i = 0; i < 8; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(((first & four) | (upper & two)) - middle), Vector512.Create(x[i]), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(((second & four) | (upperSecond & two)) - middle), Vector512.Create(x[8 + i]), s1);
            (first, second, upper, upperSecond) = (first >>> 4, second >>> 4, upper >>> 2, upperSecond >>> 2);
        }
        return s0 + s1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EightProducts(byte* lines, float* x)
    {
        Vector256<int> first = Vector256.Load((int*)lines), second = Vector256.Load((int*)(lines + BlockTile.Line));
        Vector256<int> upper = Vector256.Load((int*)(lines + (2 * BlockTile.Line))), upperSecond = upper >>> 16;
        Vector256<int> four = Vector256.Create(15), two = Vector256.Create(3 << 4), middle = Vector256.Create(32);
        (upper, upperSecond) = (upper << 4, upperSecond << 4);
        Vector256<float> s0 = default, s1 = default;
        for (int i = 0; i < 8; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(((first & four) | (upper & two)) - middle), Vector256.Create(x[i]), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(((second & four) | (upperSecond & two)) - middle), Vector256.Create(x[8 + i]), s1);
            (first, second, upper, upperSecond) = (first >>> 4, second >>> 4, upper >>> 2, upperSecond >>> 2);
        }
        return s0 + s1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Signed(byte* bytes) => Avx512F.IsSupported
        ? Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)bytes)))
        : Vector512.Create(EightNumbers(bytes), EightNumbers(bytes + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EightNumbers(byte* bytes)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsSByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)));
    }
}
