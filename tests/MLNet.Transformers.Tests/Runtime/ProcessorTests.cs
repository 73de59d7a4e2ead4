using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class ProcessorTests
{
    [Fact]
    public void Agrees_with_the_system_about_BFloat16()
    {
        const string Facts = "/proc/cpuinfo";
        Assert.SkipUnless(File.Exists(Facts), "This system does not tell what its processor can do.");
        string[] flags = File.ReadLines(Facts).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];

        bool hasAmx = flags.Contains("amx_bf16"), hasAvx512 = flags.Contains("avx512_bf16");
        bool isIntel = File.ReadLines(Facts).Any(line => line.StartsWith("vendor_id", StringComparison.Ordinal) && line.EndsWith("GenuineIntel", StringComparison.Ordinal));
        Assert.Equal(hasAmx || hasAvx512, Processor.HasBFloat16);
        Assert.Equal(hasAmx || (hasAvx512 && !isIntel), Processor.HasFastBFloat16);
    }
}
