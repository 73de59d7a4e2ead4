extern alias Models;

using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using SharedAtomicFile = Models::MLNet.Transformers.AtomicFile;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private const string FileName = "model.safetensors";

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public SafetensorsWriterTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_failure_leaves_the_old_file()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("old", ones(2))]);
        byte[] before = File.ReadAllBytes(_folder.File(FileName));

        Assert.Throws<InvalidTimeZoneException>(() => SafetensorsWriter.Write(_folder.File(FileName), Failing()));

        Assert.Equal([FileName], _folder.Names);
        Assert.Equal(before, File.ReadAllBytes(_folder.File(FileName)));
    }

    [Fact]
    public void A_failure_among_the_data_leaves_the_old_file()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("old", ones(2))]);
        byte[] before = File.ReadAllBytes(_folder.File(FileName));

        Assert.Throws<InvalidTimeZoneException>(() => SharedAtomicFile.Write(_folder.File(FileName), stream =>
        {
            SafetensorsWriter.Write(stream, [("a", ones(1000))]);
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal([FileName], _folder.Names);
        Assert.Equal(before, File.ReadAllBytes(_folder.File(FileName)));
    }

    [Fact]
    public void A_failure_leaves_nothing_where_nothing_was()
    {
        Assert.Throws<InvalidTimeZoneException>(() => SafetensorsWriter.Write(_folder.File(FileName), Failing()));

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_missing_folder_is_an_error_that_names_it()
    {
        string path = Path.Combine(_folder.Folder, "absent", FileName);

        var error = Assert.Throws<DirectoryNotFoundException>(() => SafetensorsWriter.Write(path, [("a", ones(1))]));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replaces_the_old_file()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("old", ones(2))]);
        SafetensorsWriter.Write(_folder.File(FileName), [("new", ones(2))]);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Assert.Equal(["new"], file.Names);
        Assert.Equal([FileName], _folder.Names);
    }

    [Fact]
    public void An_open_file_keeps_its_content_while_another_replaces_it()
    {
        Tensor target = zeros(2);
        SafetensorsWriter.Write(_folder.File(FileName), [("a", ones(2))]);
        using SafetensorsFile open = SafetensorsFile.Open(_folder.File(FileName));

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows refuses to replace a file that is mapped.");
        SafetensorsWriter.Write(_folder.File(FileName), [("a", zeros(2))]);

        open.CopyTo("a", target);
        Assert.Equal([1f, 1f], target.data<float>().ToArray());
    }

    private static IEnumerable<(string, Tensor)> Failing()
    {
        yield return ("a", ones(1000));
        throw new InvalidTimeZoneException();
    }
}
