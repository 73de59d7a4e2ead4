using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// Numbers as libtorch's kernels read them. TorchSharp 0.107 makes a wrapper for each number, and one for the factor 1 of each sum of two tensors, and holds on
/// to none of them, so that the collector may free one while the kernel still reads it. These are kept: networks use few different ones.
/// </summary>
internal static class Numbers
{
    private static readonly ConcurrentDictionary<long, Scalar> _whole = new();
    private static readonly ConcurrentDictionary<double, Scalar> _real = new();

    /// <summary>An integer, which leaves a tensor's type alone.</summary>
    public static Scalar Number(long value) => _whole.GetOrAdd(value, static value => value.ToScalar());

    /// <summary>A float64, which makes floating point numbers of integers.</summary>
    public static Scalar Number(double value) => _real.GetOrAdd(value, static value => value.ToScalar());

    /// <summary>The sum of two tensors: <c>+</c>, with a factor that is kept.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Number(1));

    /// <inheritdoc cref="Plus(Tensor, Tensor)"/>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, Number(1));

    /// <summary>A quotient by a number that is another one each time, and so is not kept after the call.</summary>
    public static Tensor Over(this Tensor left, double right)
    {
        using Scalar number = right.ToScalar();
        return left / number;
    }

    /// <summary>0, 1, … up to <paramref name="count"/>, as int64.</summary>
    public static Tensor Indices(long count, Device device) => arange(Number(0), Number(count), Number(1), ScalarType.Int64, device);
}
