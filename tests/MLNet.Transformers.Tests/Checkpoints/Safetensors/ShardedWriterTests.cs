using System.Text.Json;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

public sealed class ShardedWriterTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public ShardedWriterTests()
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
    public void One_file_is_enough()
    {
        ShardedWriter.Write(_folder.Folder, [("a", ones(4)), ("b", ones(4))], 32);

        Assert.Equal(["model.safetensors"], _folder.Names);
        Assert.Equal(["a=1", "b=1"], Content());
    }

    [Fact]
    public void Splits_before_a_tensor_that_would_not_fit()
    {
        ShardedWriter.Write(_folder.Folder, [("a", ones(4)), ("b", ones(4) * 2), ("c", ones(1) * 3), ("long", ones(100) * 4), ("d", ones(2, 2) * 5)], 32);

        Assert.Equal(
            [.. Enumerable.Range(1, 4).Select(i => $"model-0000{i}-of-00004.safetensors"), Index],
            _folder.Names);
        Assert.Equal(["a=1", "b=2", "c=3", "d=5", "long=4"], Content());
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(_folder.File(Index)));
        Assert.Equal((4 + 4 + 1 + 100 + 4) * 4, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal("model-00001-of-00004.safetensors", index.RootElement.GetProperty("weight_map").GetProperty("b").GetString());
    }

    [Theory]
    [InlineData(8, 32)]
    [InlineData(32, 8)]
    [InlineData(8, 16)]
    [InlineData(8, 8)]
    public void Takes_the_place_of_an_earlier_save(long before, long after)
    {
        _folder.Write("model_card.md", "stays");
        ShardedWriter.Write(_folder.Folder, Four(1), before);

        ShardedWriter.Write(_folder.Folder, Four(2), after);

        Assert.Equal(["a=2", "b=2", "c=2", "d=2"], Content());
        int shards = (int)(32 / after);
        Assert.Equal(shards == 1 ? 2 : shards + 2, _folder.Names.Length);
        Assert.Contains("model_card.md", _folder.Names);
    }

    [Fact]
    public void A_failure_leaves_the_earlier_save()
    {
        ShardedWriter.Write(_folder.Folder, Four(1), 8);
        string[] before = _folder.Names;

        // The last shard cannot be written.
        Assert.Throws<NotSupportedException>(() => ShardedWriter.Write(_folder.Folder, [.. Four(2), ("e", ones(1, ScalarType.ComplexFloat32))], 8));
        Assert.Throws<ArgumentException>(() => ShardedWriter.Write(_folder.Folder, [.. Four(2), ("a", ones(2))], 8));

        Assert.Equal(before, _folder.Names);
        Assert.Equal(["a=1", "b=1", "c=1", "d=1"], Content());
    }

    private static (string, Tensor)[] Four(int value) => [.. "abcd".Select(name => (name.ToString(), ones(2) * value))];

    // Names and first values, as a loader sees them.
    private string[] Content()
    {
        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);
        return [.. source.Names.Order(StringComparer.Ordinal).Select(name =>
        {
            Tensor target = empty(source[name].Shape);
            source.CopyTo(name, target);
            return $"{name}={target.view(-1)[0].item<float>()}";
        })];
    }
}
