using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";
    private const string Map = """{"metadata":{"total_size":16},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""";

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public CheckpointFolderTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, string> BrokenIndexes => new()
    {
        { "", "is not valid JSON" },
        { "{", "is not valid JSON" },
        { "[]", "is not a JSON object" },
        { "{}", "has no object 'weight_map'" },
        { """{"weight_map":[]}""", "has no object 'weight_map'" },
        { """{"weight_map":{"a":7}}""", "has 7 as the file of 'a'" },
        { """{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "is not valid JSON" },
        { """{"weight_map":{"a":"\ud800"}}""", "is not valid JSON" },
        { """{"weight_map":{"a":"absent.safetensors"}}""", "names the file 'absent.safetensors', which is not there" },
        { """{"weight_map":{"a":""}}""", "names the file ''" },
        { """{"weight_map":{"a":".."}}""", "names the file '..'" },
        { """{"weight_map":{"a":"../model.safetensors"}}""", "names the file '../model.safetensors'; expected a file of the same folder" },
        { """{"weight_map":{"a":"/etc/passwd"}}""", "names the file '/etc/passwd'; expected a file of the same folder" },
        { """{"weight_map":{"c":"model-00001-of-00002.safetensors"}}""", "says that 'model-00001-of-00002.safetensors' holds the tensor 'c', but it does not" },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Reads_shards()
    {
        WriteShards();
        Tensor a = zeros(2), b = zeros(2);

        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);
        source.CopyTo("a", a);
        source.CopyTo("b", b);

        Assert.Equal(["a", "b"], source.Names.Order());
        Assert.Equal([1f, 1], a.data<float>().ToArray());
        Assert.Equal([2f, 2], b.data<float>().ToArray());
        Assert.Equal(_folder.File(Index), source.Path);
    }

    [Theory]
    [MemberData(nameof(BrokenIndexes))]
    public void Refuses_broken_indexes(string index, string expected)
    {
        WriteShards();
        _folder.Write(Index, index);

        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(_folder.Folder));

        Assert.Contains(_folder.File(Index), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_shard_that_is_broken()
    {
        WriteShards();
        _folder.Write(Second, "broken");

        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(_folder.Folder));

        Assert.Contains(Second, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_comes_before_shards()
    {
        WriteShards();
        SafetensorsWriter.Write(_folder.File(CheckpointFolder.WeightsFile), [("whole", ones(1))]);

        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);
        Assert.Equal(["whole"], source.Names);
    }

    [Fact]
    public void Says_what_a_folder_without_weights_holds()
    {
        _folder.Write("flax_model.msgpack", "");
        _folder.Write("config.json", "{}");

        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(_folder.Folder));

        Assert.Contains($"'{_folder.Folder}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json' and '*.gguf', found config.json, flax_model.msgpack", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_folder_is_empty()
    {
        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(_folder.Folder));

        Assert.Contains("found no file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_there_is_no_folder()
    {
        string absent = _folder.File("absent");

        var error = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(absent));

        Assert.Equal($"There is no folder '{absent}'.", error.Message);
    }

    private void WriteShards()
    {
        SafetensorsWriter.Write(_folder.File(First), [("a", ones(2))]);
        SafetensorsWriter.Write(_folder.File(Second), [("b", ones(2) * 2)]);
        _folder.Write(Index, Map);
    }
}
