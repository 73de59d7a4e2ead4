using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Where a tensor's values lie.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first value; good as long as the tensor is.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    public static byte* Of(Tensor tensor) => (byte*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>A row of a float32 matrix on the CPU.</summary>
    public static Span<float> Row(Tensor matrix, int row)
    {
        int width = (int)matrix.shape[1];
        return new Span<float>(Float32(matrix) + ((long)row * width), width);
    }

    /// <summary>The values of a float32 tensor on the CPU, which are contiguous.</summary>
    public static float* Float32(Tensor tensor) => (float*)Of(tensor);
}
