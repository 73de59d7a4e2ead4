using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Checks of what a checkpoint holds.</summary>
internal static class TensorChecks
{
    // NaN and infinity are the numbers whose exponent has every bit set (IEEE 754).
    private const ulong Float64Exponent = 0x7FF0_0000_0000_0000;
    private const uint Float32Exponent = 0x7F80_0000;
    private const ushort Float16Exponent = 0x7C00;
    private const ushort BFloat16Exponent = 0x7F80;

    /// <summary>Whether every value is a finite number; whole numbers always are. One pass over the memory, without a copy.</summary>
    public static bool IsFinite(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float64 => NoneHasAll(tensor, Float64Exponent),
        ScalarType.Float32 => NoneHasAll(tensor, Float32Exponent),
        ScalarType.Float16 => NoneHasAll(tensor, Float16Exponent),
        ScalarType.BFloat16 => NoneHasAll(tensor, BFloat16Exponent),
        _ => true,
    };

    private static bool NoneHasAll<T>(Tensor tensor, T bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool none = true;
        TensorBytes.Read(tensor, bytes => none = none && !AnyHasAll(MemoryMarshal.Cast<byte, T>(bytes), bits));
        return none;
    }

    private static bool AnyHasAll<T>(ReadOnlySpan<T> values, T bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = new Vector<T>(bits);
        int whole = values.Length - values.Length % Vector<T>.Count;
        foreach (Vector<T> vector in MemoryMarshal.Cast<T, Vector<T>>(values[..whole]))
        {
            if (Vector.EqualsAny(vector & mask, mask))
            {
                return true;
            }
        }
        foreach (T value in values[whole..])
        {
            if ((value & bits) == bits)
            {
                return true;
            }
        }
        return false;
    }
}
