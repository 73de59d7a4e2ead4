using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// What formats share. A tile is read in lines of sixteen 32-bit words, a word a row; a word holds eight values of four bits, or four of eight, that
/// stand beside each other in the row, the first in the lowest bits.
/// </summary>
internal static unsafe class BlockTile
{
    public const int Rows = 16;

    /// <summary>Bytes of a line.</summary>
    public const int Line = Rows * sizeof(uint);

    /// <summary>Bytes of sixteen float16.</summary>
    public const int Scales = Rows * sizeof(ushort);

    private const float Float16ToFloat32 = 5.192296858534828e33f; // 2¹¹²

    /// <summary>Puts a value into its place in the words of a lane.</summary>
    /// <param name="tile">The first line.</param>
    /// <param name="lane">The row.</param>
    /// <param name="bits">Bits of a value.</param>
    /// <param name="index">Which value of the block.</param>
    /// <param name="value">The value, no more than its bits.</param>
    public static void Put(byte* tile, int lane, int bits, int index, int value)
    {
        (int line, int place) = Math.DivRem(index, 32 / bits);
        ((uint*)(tile + (line * Line)))[lane] |= (uint)value << (place * bits);
    }

    /// <summary>The sum of 32 products with the four bits of four lines.</summary>
    /// <param name="lines">Four lines.</param>
    /// <param name="table">What each of the sixteen numbers stands for.</param>
    /// <param name="x">32 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fours(byte* lines, Vector512<float> table, float* x)
    {
        Vector512<int> q0 = Vector512.Load((int*)lines), q1 = Vector512.Load((int*)(lines + Line));
        Vector512<int> q2 = Vector512.Load((int*)(lines + (2 * Line))), q3 = Vector512.Load((int*)(lines + (3 * Line)));
        Vector512<float> s0 = Four(q0, 0, table) * Vector512.Create(x[0]), s1 = Four(q1, 0, table) * Vector512.Create(x[8]);
        Vector512<float> s2 = Four(q2, 0, table) * Vector512.Create(x[16]), s3 = Four(q3, 0, table) * Vector512.Create(x[24]);
        FourStep(q0, q1, q2, q3, 1, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 2, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 3, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 4, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 5, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 6, table, x, ref s0, ref s1, ref s2, ref s3);
        FourStep(q0, q1, q2, q3, 7, table, x, ref s0, ref s1, ref s2, ref s3);
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>The same for eight rows, whose words begin at a line's beginning or middle; the numbers stand for themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Fours(byte* lines, float* x)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector256<int> q0 = Vector256.Load((int*)lines), q1 = Vector256.Load((int*)(lines + Line));
        Vector256<int> q2 = Vector256.Load((int*)(lines + (2 * Line))), q3 = Vector256.Load((int*)(lines + (3 * Line)));
        Vector256<int> mask = Vector256.Create(15);
        for (int i = 0; i < 8; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(q0 & mask), Vector256.Create(x[i]), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(q1 & mask), Vector256.Create(x[8 + i]), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(q2 & mask), Vector256.Create(x[16 + i]), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(q3 & mask), Vector256.Create(x[24 + i]), s3);
            (q0, q1, q2, q3) = (q0 >>> 4, q1 >>> 4, q2 >>> 4, q3 >>> 4);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>The sum of 32 products with the signed bytes of eight lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Bytes(byte* lines, float* x)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int line = 0; line < 8; line++, lines += Line, x += 4)
        {
            Vector512<int> q = Vector512.Load((int*)lines);
            s0 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle((q << 24) >> 24), Vector512.Create(x[0]), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle((q << 16) >> 24), Vector512.Create(x[1]), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle((q << 8) >> 24), Vector512.Create(x[2]), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(q >> 24), Vector512.Create(x[3]), s3);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>The same for eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Bytes256(byte* lines, float* x)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int line = 0; line < 8; line++, lines += Line, x += 4)
        {
            Vector256<int> q = Vector256.Load((int*)lines);
            s0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle((q << 24) >> 24), Vector256.Create(x[0]), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle((q << 16) >> 24), Vector256.Create(x[1]), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle((q << 8) >> 24), Vector256.Create(x[2]), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(q >> 24), Vector256.Create(x[3]), s3);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// <summary>Sixteen float16 as float32, exactly: their bits in float32's places, times what the exponents differ by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Float16(byte* values)
    {
        Vector512<uint> wide = Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)values));
        Vector512<float> size = ((wide & Vector512.Create(0x7FFFu)) << 13).AsSingle() * Vector512.Create(Float16ToFloat32);
        return (size.AsUInt32() | ((wide & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>The same for eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> EightFloat16(byte* values)
    {
        Vector128<ushort> halves = Vector128.Load((ushort*)values);
        Vector256<uint> wide = Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
        Vector256<float> size = ((wide & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Vector256.Create(Float16ToFloat32);
        return (size.AsUInt32() | ((wide & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourStep(
        Vector512<int> q0, Vector512<int> q1, Vector512<int> q2, Vector512<int> q3, int i, Vector512<float> table, float* x,
        ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
    {
        s0 = Vector512.FusedMultiplyAdd(Four(q0, i, table), Vector512.Create(x[i]), s0);
        s1 = Vector512.FusedMultiplyAdd(Four(q1, i, table), Vector512.Create(x[8 + i]), s1);
        s2 = Vector512.FusedMultiplyAdd(Four(q2, i, table), Vector512.Create(x[16 + i]), s2);
        s3 = Vector512.FusedMultiplyAdd(Four(q3, i, table), Vector512.Create(x[24 + i]), s3);
    }

    // The instruction looks at the lowest four bits of each index only: one step from bits to float32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(Vector512<int> words, int i, Vector512<float> table) => Avx512F.PermuteVar16x32(table, words >>> (4 * i));
}
