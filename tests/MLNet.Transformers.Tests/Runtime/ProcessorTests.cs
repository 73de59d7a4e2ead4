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

        Assert.Equal(flags.Contains("avx512_bf16") || flags.Contains("amx_bf16"), Processor.HasFastBFloat16);
    }
}
