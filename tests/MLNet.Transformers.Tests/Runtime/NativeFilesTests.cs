using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class NativeFilesTests
{
    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("linux-arm64", "libtorch-cpu-linux-arm64")]
    [InlineData("win-x64", "libtorch-cpu-win-x64")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64")]
    public void Names_the_package_of_the_platform(string platform, string package)
    {
        string message = NativeFiles.MessageFor(platform);

        Assert.Contains($"'dotnet add package {package} --version 2.10.0'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("osx-x64")]
    [InlineData("win-arm64")]
    [InlineData("linux-x86")]
    public void Says_where_there_is_no_package(string platform)
    {
        string message = NativeFiles.MessageFor(platform);

        Assert.Contains($"'{platform}'", message, StringComparison.Ordinal);
        Assert.Contains("linux-x64, linux-arm64, win-x64, osx-arm64", message, StringComparison.Ordinal);
        Assert.Null(NativeFiles.PackageFor(platform));
    }

    [Fact]
    public void Searches_folders_in_order()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        first.Write("b", "");
        second.Write("a", "");
        second.Write("b", "");
        var files = new NativeFiles([Path.Combine(first.Folder, "absent"), first.Folder, second.Folder]);

        Assert.Equal(first.File("b"), files.Find("b"));
        Assert.Equal(second.File("a"), files.Find("a"));
        Assert.Equal(first.File("b"), files.Find("a", "b"));
        Assert.Null(files.Find("c"));
    }

    [Fact]
    public void Finds_the_libraries_of_this_process() => Assert.NotNull(NativeFiles.OfApplication().Find("libtorch.so", "torch.dll", "libtorch.dylib"));
}
