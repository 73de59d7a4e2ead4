using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Products that are over sooner than libtorch's threads wake up: those of a head with the vector of one text.</summary>
internal static unsafe class SmallProduct
{
    private const long MostProducts = 1 << 20;

    /// <summary>Whether a product is one.</summary>
    /// <param name="x">(..., inputs).</param>
    /// <param name="weight">(outputs, inputs).</param>
    public static bool Is(Tensor x, Tensor weight) => Vector512.IsHardwareAccelerated && x.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32
        && x.device.type == DeviceType.CPU && weight.device.type == DeviceType.CPU && x.numel() * weight.shape[0] is > 0 and <= MostProducts;

    /// <summary>x·Wᵀ + b, on the calling thread; no gradient.</summary>
    /// <param name="x">(..., inputs).</param>
    /// <param name="weight">(outputs, inputs).</param>
    /// <param name="bias">(outputs), or null.</param>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        (int outputs, int inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        Tensor result = empty([.. x.shape[..^1], outputs], ScalarType.Float32);
        using Tensor read = x.contiguous(), rows = weight.contiguous();
        float* vector = TensorMemory.Float32(read), matrix = TensorMemory.Float32(rows), sums = TensorMemory.Float32(result), added = null;
        using Tensor? shift = bias?.contiguous();
        if (shift is not null)
        {
            added = TensorMemory.Float32(shift);
        }
        for (long left = x.numel() / inputs; left > 0; left--, vector += inputs, sums += outputs)
        {
            for (int output = 0; output < outputs; output++)
            {
                sums[output] = VectorSum.Dot(matrix + ((long)output * inputs), vector, inputs) + (added is null ? 0 : added[output]);
            }
        }
        return result;
    }
}
