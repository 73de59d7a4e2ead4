using System.Runtime.Intrinsics.X86;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>What this processor has instructions for.</summary>
internal static class Processor
{
    // "Genu" of "GenuineIntel", as CPUID 0 spells it.
    private const int Intel = 0x756E6547;

    // CPUID 7.0, EDX bit 22.
    private static readonly bool _hasAmx = HasLeaf7 && (X86Base.CpuId(7, 0).Edx >> 22 & 1) == 1;

    // CPUID 7.1, EAX bit 5.
    private static readonly bool _hasAvx512 = HasLeaf7 && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1;

    /// <summary>Whether bfloat16 matrix products run on instructions of their own: AMX_BF16 or AVX512_BF16.</summary>
    public static bool HasBFloat16 => _hasAmx || _hasAvx512;

    /// <summary>
    /// Whether these are faster than float32's. Intel's processors without AMX, as many virtual machines show theirs, take twice as long for AVX512_BF16
    /// (measured on an Emerald Rapids: 171 against 332 GFLOP/s).
    /// </summary>
    public static bool HasFastBFloat16 => _hasAmx || (_hasAvx512 && X86Base.CpuId(0, 0).Ebx != Intel);

    private static bool HasLeaf7 => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7;
}
