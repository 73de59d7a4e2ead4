using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Where a tensor's values lie, which may be more than a span can hold.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first value; good as long as the tensor is.</summary>
    /// <param name="tensor">Contiguous, on the CPU, at least one value.</param>
    public static byte* Of(Tensor tensor)
    {
        using Tensor flat = tensor.detach();
        // as_strided would begin at the storage's first value, which a part of a tensor does not.
        using Tensor line = flat.view(-1);
        using Tensor first = line.narrow(0, 0, 1);
        fixed (byte* pointer = first.bytes)
        {
            return pointer;
        }
    }

    /// <summary>The values of a float32 tensor on the CPU, which are contiguous.</summary>
    public static float* Float32(Tensor tensor) => (float*)Of(tensor);
}
