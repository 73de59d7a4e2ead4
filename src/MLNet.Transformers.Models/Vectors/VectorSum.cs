using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Sums of products.</summary>
internal static unsafe class VectorSum
{
    private const int Step = 64;

    /// <summary>The sum of the products of two vectors' values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int count)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= count - Step; i += Step)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 16), Vector512.Load(y + i + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 32), Vector512.Load(y + i + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + 48), Vector512.Load(y + i + 48), s3);
        }
        float sum = Vector512.Sum((s0 + s1) + (s2 + s3));
        for (; i < count; i++)
        {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /// <summary>The sum of lines of sixteen values, each times its factor.</summary>
    /// <param name="factors">A factor a line.</param>
    /// <param name="count">Lines.</param>
    /// <param name="line">The first line.</param>
    /// <param name="stride">Floats from a line to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Weighted(float* factors, int count, float* line, long stride)
    {
        // Two sums, as each waits for the one before it.
        Vector512<float> even = default, odd = default;
        int i = 0;
        for (; i <= count - 2; i += 2, line += 2 * stride)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Load(line), Vector512.Create(factors[i]), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.Load(line + stride), Vector512.Create(factors[i + 1]), odd);
        }
        return i < count ? Vector512.FusedMultiplyAdd(Vector512.Load(line), Vector512.Create(factors[i]), even) + odd : even + odd;
    }
}
