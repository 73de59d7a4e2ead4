using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.TorchPickle;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.TorchPickle;

public sealed class TorchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public TorchFileTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, long, long[], long[], float[]> Views => new()
    {
        { "all of it", 0, [2, 3], [3, 1], [0, 1, 2, 3, 4, 5] },
        { "transposed", 0, [3, 2], [1, 3], [0, 3, 1, 4, 2, 5] },
        { "a column", 1, [2], [3], [1, 4] },
        { "from the middle", 2, [4], [1], [2, 3, 4, 5] },
        { "repeated", 4, [3], [0], [4, 4, 4] },
        { "rows with holes", 0, [2, 2], [4, 1], [0, 1, 4, 5] },
        { "rows in pairs", 0, [2, 1, 2], [2, 9, 1], [0, 1, 2, 3] },
        { "three dimensions, the middle one last", 0, [1, 3, 2], [6, 1, 3], [0, 3, 1, 4, 2, 5] },
        { "a scalar", 5, [], [], [5] },
        { "nothing", 0, [0, 3], [3, 1], [] },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Reads_views(string what, long offset, long[] shape, long[] strides, float[] expected)
    {
        byte[] pickle = PickleBytes.Of(p => p.Dict("a", value => value.Tensor("FloatStorage", "0", 6, offset, shape, strides)));
        byte[] storage = TorchBytes.Floats(0, 1, 2, 3, 4, 5);
        byte[][] files =
        [
            TorchBytes.Zip(pickle, ("0", storage)), TorchBytes.Zip(pickle, [("0", storage)], zip64: true),
            TorchBytes.Legacy(PickleBytes.Of(p => p.Dict("a", value => value.Tensor("FloatStorage", "0", 6, offset, shape, strides, view => view.Op('N')))), ("0", 6, storage)),
        ];
        foreach (byte[] file in files)
        {
            using TorchFile source = TorchFile.Open(_folder.Write("a.bin", file));

            Assert.Equal(shape, source["a"].Shape);
            Assert.True(expected.SequenceEqual(Read(source, "a")), what);
        }
    }

    [Fact]
    public void Reads_every_type()
    {
        (string Storage, ScalarType Type, byte[] Bytes)[] types =
        [
            ("DoubleStorage", ScalarType.Float64, BitConverter.GetBytes(-2.0)), ("FloatStorage", ScalarType.Float32, BitConverter.GetBytes(-2f)),
            ("HalfStorage", ScalarType.Float16, [0, 0xC0]), ("BFloat16Storage", ScalarType.BFloat16, [0, 0xC0]),
            ("LongStorage", ScalarType.Int64, BitConverter.GetBytes(-2L)), ("IntStorage", ScalarType.Int32, BitConverter.GetBytes(-2)),
            ("ShortStorage", ScalarType.Int16, [0xFE, 0xFF]), ("CharStorage", ScalarType.Int8, [0xFE]), ("ByteStorage", ScalarType.Byte, [254]),
            ("BoolStorage", ScalarType.Bool, [1]),
        ];
        foreach ((string storage, ScalarType type, byte[] bytes) in types)
        {
            byte[] pickle = PickleBytes.Of(p => p.Dict("a", value => value.Tensor(storage, "0", 1, 0, [1], [1])));
            using TorchFile source = TorchFile.Open(_folder.Write("a.bin", TorchBytes.Zip(pickle, ("0", bytes))));

            Assert.Equal(type, source["a"].Type);
            Assert.Equal([type == ScalarType.Byte ? 254f : type == ScalarType.Bool ? 1 : -2], Read(source, "a"));
        }
    }

    [Fact]
    public void Reads_tensors_of_one_storage_under_two_names()
    {
        byte[] pickle = PickleBytes.Of(p => p.Op('}').Op('(')
            .Text("a").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Op('q', 7).Text("b").Op('h', 7).Text("c").Tensor("FloatStorage", "0", 2, 1, [1], [1]).Op('u'));
        using TorchFile source = TorchFile.Open(_folder.Write("a.bin", TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(3, 4)))));

        Assert.Equal(["a", "b", "c"], source.Names);
        Assert.Equal([3, 4], Read(source, "b"));
        Assert.Equal([4], Read(source, "c"));
    }

    [Fact]
    public void Reads_parts_of_storages_of_the_old_form()
    {
        byte[] pickle = PickleBytes.Of(p => p.Dict("a", value => value.Tensor(
            "FloatStorage", "0", 4, 1, [1], [1], view => view.Op('(').Text("part").Int(1).Int(3).Op('t'))));
        using TorchFile source = TorchFile.Open(_folder.Write("a.bin", TorchBytes.Legacy(pickle, ("0", 4, TorchBytes.Floats(1, 2, 3, 4)))));

        Assert.Equal([3], Read(source, "a"));
    }

    [Fact]
    public void Reads_parameters_and_types_of_untyped_storages()
    {
        byte[] pickle = PickleBytes.Of(p => p.Op('}').Op('(')
            .Text("weight").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("FloatStorage", "0", 1, 0, [1], [1]).Op(0x88).Op('}').Op('t').Op('R')
            .Text("bias").Global("torch._utils", "_rebuild_tensor_v3").Op('(').Storage("torch.storage.UntypedStorage", "1", 4).Int(1).Tuple(1).Tuple(1)
            .Op(0x89).Op('N').Global("torch", "bfloat16").Op('t').Op('R').Op('u'));
        byte[] file = TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(7)), ("1", [0, 0, 0, 0xC0]));
        using TorchFile source = TorchFile.Open(_folder.Write("a.bin", file));

        Assert.Equal([7], Read(source, "weight"));
        Assert.Equal([-2], Read(source, "bias"));
        Assert.Equal(ScalarType.BFloat16, source["bias"].Type);
    }

    [Fact]
    public void Reads_protocol_four()
    {
        byte[] pickle = PickleBytes.Of(p => p.Op(0x80, 4).Op(0x95, 9, 0, 0, 0, 0, 0, 0, 0).Op('}').Op(0x94).Op(0x8c, 1, (byte)'a').Op(0x94)
            .Op(0x8c, 12).Op("torch._utils"u8).Op(0x8c, 18).Op("_rebuild_tensor_v2"u8).Op(0x93).Op('(')
            .Storage("FloatStorage", "0", 1).Op('K', 0).Op('K', 1).Op(0x85).Op('K', 1).Op(0x85).Op(0x89).Op('}').Op('t').Op('R').Op('s'));
        using TorchFile source = TorchFile.Open(_folder.Write("a.bin", TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(7)))));

        Assert.Equal([7], Read(source, "a"));
    }

    [Theory]
    [InlineData(null, new[] { "a" }, 1f)]
    [InlineData("model", new[] { "a" }, 1f)]
    [InlineData("ema.0", new[] { "a" }, 2f)]
    [InlineData("ema", new[] { "0.a" }, 2f)]
    public void Reads_the_tensors_of_an_entry(string? entry, string[] names, float value)
    {
        byte[] pickle = PickleBytes.Of(p => p.Op('}').Op('(')
            .Text("ema").Op(']').Dict("a", x => x.Tensor("FloatStorage", "1", 1, 0, [1], [1])).Op('a')
            .Text("model").Dict("a", x => x.Tensor("FloatStorage", "0", 1, 0, [1], [1]))
            .Text("step").Int(7).Text("loss").Op('G').Op(new byte[8]).Text("args").Op('N').Text("big").Int(1L << 40).Op('u'));
        using TorchFile source = TorchFile.Open(_folder.Write("a.pt", TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(1)), ("1", TorchBytes.Floats(2)))), entry);

        Assert.Equal(names, source.Names);
        Assert.Equal([value], Read(source, names[0]));
        Assert.Equal(7L, Assert.IsType<PickleDict>(source.Content).Get("step"));
        Assert.Equal(1L << 40, Assert.IsType<PickleDict>(source.Content).Get("big"));
    }

    [Fact]
    public void Names_the_entry_that_is_not_there()
    {
        byte[] pickle = PickleBytes.Of(p => p.Dict("model", value => value.Dict("a", x => x.Tensor("FloatStorage", "0", 1, 0, [1], [1]))));
        string path = _folder.Write("a.pt", TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(1))));

        string message = Assert.Throws<CheckpointException>(() => TorchFile.Open(path, "state")).Message;

        Assert.Contains("no entry 'state'", message, StringComparison.Ordinal);
        Assert.Contains("model", message, StringComparison.Ordinal);
        using TorchFile source = TorchFile.Open(path);
        Assert.Contains("'b'", Assert.Throws<CheckpointException>(() => source["b"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_shards()
    {
        foreach ((string name, float value) in new[] { ("a", 1f), ("b", 2f) })
        {
            byte[] pickle = PickleBytes.Of(p => p.Dict(name, x => x.Tensor("FloatStorage", "0", 1, 0, [1], [1])));
            _folder.Write($"pytorch_model-{name}.bin", TorchBytes.Zip(pickle, ("0", TorchBytes.Floats(value))));
        }
        _folder.Write("pytorch_model.bin.index.json", """{"weight_map":{"a":"pytorch_model-a.bin","b":"pytorch_model-b.bin"}}""");

        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);

        Assert.Equal(["a", "b"], source.Names);
        Assert.Equal([2], Read(source, "b"));
    }

    private static float[] Read(ITensorSource source, string name)
    {
        Tensor values = full(source[name].Shape, float.NaN);
        source.CopyTo(name, values);
        return values.numel() == 0 ? [] : values.data<float>().ToArray();
    }
}
