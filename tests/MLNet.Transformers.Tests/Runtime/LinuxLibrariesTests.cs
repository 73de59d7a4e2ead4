using System.Runtime.Versioning;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Runtime;

[SupportedOSPlatform("linux")]
public sealed class LinuxLibrariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LinuxLibrariesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "These libraries are for Linux.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_the_binding_that_is_missing()
    {
        NativeBackendException error = Fails();

        Assert.Contains("'libLibTorchSharp.so'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Reference the package TorchSharp", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libLibTorchSharp.so")]
    [InlineData("libtorch.so")]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libc10.so")]
    public void Names_a_library_that_is_cut_off(string name)
    {
        byte[] whole = new TinyElf("GLIBCXX_3.4.32").Bytes;
        foreach (string each in (string[])["libLibTorchSharp.so", "libtorch.so", "libtorch_cpu.so", "libc10.so"])
        {
            _folder.Write(each, each == name ? whole.AsSpan(0, 70) : whole);
        }

        NativeBackendException error = Fails();

        Assert.Contains(_folder.File(name), error.Message, StringComparison.Ordinal);
        Assert.Contains("is cut off: it has 70 bytes", error.Message, StringComparison.Ordinal);
    }

    private NativeBackendException Fails() =>
        Assert.Throws<NativeBackendException>(() => LinuxLibraries.Load(new NativeFiles([_folder.Folder]), [], _ => { }));
}
