using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Sixteen sums at once.</summary>
internal static unsafe class VectorSum
{
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
