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
        Vector512<uint> wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)values))
            : Vector512.Create(Vector256.WidenLower(Vector256.Load((ushort*)values)), Vector256.WidenUpper(Vector256.Load((ushort*)values)));
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

    /// <summary>Sixteen bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Numbers(byte* bytes) => Avx512F.IsSupported
        ? Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)))
        : Vector512.Create(EightNumbers(bytes), EightNumbers(bytes + 8));

    /// <summary>Eight bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> EightNumbers(byte* bytes)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bytes).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32());
    }

    /// <summary>The 32 numbers of four lines as they are, less a middle.</summary>
    /// <param name="lines">Four lines of four bits a value.</param>
    /// <param name="values">Of each place sixteen numbers.</param>
    /// <param name="middle">What is taken from them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UnpackFours(byte* lines, float* values, int middle)
    {
        for (int line = 0; line < 4; line++, lines += Line)
        {
            Vector512<int> words = Vector512.Load((int*)lines);
            for (int i = 0; i < 8; i++, values += Rows, words >>>= 4)
            {
                Vector512.ConvertToSingle((words & Vector512.Create(15)) - Vector512.Create(middle)).Store(values);
            }
        }
    }

    /// <summary>Adds to sixteen outputs of each of four vectors the products with unpacked weights.</summary>
    /// <param name="weights">Of each input sixteen weights.</param>
    /// <param name="count">Inputs, an even number.</param>
    /// <param name="x0">The vectors' inputs.</param>
    /// <param name="x1"/>
    /// <param name="x2"/>
    /// <param name="x3"/>
    /// <param name="y0">Their outputs.</param>
    /// <param name="y1"/>
    /// <param name="y2"/>
    /// <param name="y3"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddFourProducts(float* weights, int count, float* x0, float* x1, float* x2, float* x3, float* y0, float* y1, float* y2, float* y3)
    {
        Vector512<float> s0 = Vector512.Load(y0), s1 = Vector512.Load(y1), s2 = Vector512.Load(y2), s3 = Vector512.Load(y3);
        Vector512<float> t0 = default, t1 = default, t2 = default, t3 = default;
        for (int i = 0; i < count; i += 2, weights += 2 * Rows)
        {
            Vector512<float> even = Vector512.Load(weights), odd = Vector512.Load(weights + Rows);
            s0 = Vector512.FusedMultiplyAdd(even, Vector512.Create(x0[i]), s0);
            s1 = Vector512.FusedMultiplyAdd(even, Vector512.Create(x1[i]), s1);
            s2 = Vector512.FusedMultiplyAdd(even, Vector512.Create(x2[i]), s2);
            s3 = Vector512.FusedMultiplyAdd(even, Vector512.Create(x3[i]), s3);
            t0 = Vector512.FusedMultiplyAdd(odd, Vector512.Create(x0[i + 1]), t0);
            t1 = Vector512.FusedMultiplyAdd(odd, Vector512.Create(x1[i + 1]), t1);
            t2 = Vector512.FusedMultiplyAdd(odd, Vector512.Create(x2[i + 1]), t2);
            t3 = Vector512.FusedMultiplyAdd(odd, Vector512.Create(x3[i + 1]), t3);
        }
        (s0 + t0).Store(y0);
        (s1 + t1).Store(y1);
        (s2 + t2).Store(y2);
        (s3 + t3).Store(y3);
    }

    /// <summary>The same for one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(float* weights, int count, float* x, float* y) => (Vector512.Load(y) + VectorSum.Weighted(x, count, weights, Rows)).Store(y);

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
