using System.Runtime.Intrinsics.X86;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>What this processor has instructions for.</summary>
internal static class Processor
{
    /// <summary>Whether bfloat16 matrix products run on instructions of their own: AVX512_BF16 (CPUID 7.1, EAX bit 5) or AMX_BF16 (CPUID 7.0, EDX bit 22).</summary>
    public static bool HasFastBFloat16 { get; } = Detect();

    private static bool Detect()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }
        bool amx = (X86Base.CpuId(7, 0).Edx >> 22 & 1) == 1;
        bool avx512 = X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1;
        return amx || avx512;
    }
}
