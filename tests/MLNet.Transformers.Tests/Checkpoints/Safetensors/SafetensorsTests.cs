using System.Buffers.Binary;
using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsTests : IDisposable
{
    private const string FileName = "model.safetensors";

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public SafetensorsTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<ScalarType> Types =>
        [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool];

    public static TheoryData<string> GoldenFolders =>
        [.. Directory.EnumerateFiles(Shared.Golden(), FileName, SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(Path.GetRelativePath(Shared.Golden(), path))!)];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Keeps_every_type(ScalarType type)
    {
        Tensor written = tensor([0f, 1, 2, 3, 1, 0], [2, 3]).to(type);

        Tensor read = Exchange(written, type);

        Assert.Equal(type, OneEntry().Type);
        Assert.True(read.equal(written).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Converts_every_type_to_Float32(ScalarType type)
    {
        Tensor written = tensor([0f, 1, 2, 3, 1, 0], [2, 3]).to(type);

        Assert.Equal(written.to(ScalarType.Float32).data<float>().ToArray(), Exchange(written, ScalarType.Float32).data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Rounds_no_more_than_the_half_format_does(ScalarType type)
    {
        Tensor written = tensor([0.1f, -3.14159f, 65000, 6e-5f], [4]);

        Assert.Equal(written.to(type).to(ScalarType.Float32).data<float>().ToArray(), Exchange(written.to(type), ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void Bytes_are_little_endian_behind_an_aligned_header()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", tensor([1f, -2f], [2])), ("b", tensor(new short[] { 258 }, [1]))]);

        byte[] file = File.ReadAllBytes(_folder.File(FileName));
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, header % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I16","shape":[1],"data_offsets":[8,10]}}""",
            Encoding.UTF8.GetString(file, 8, header).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 2, 1], file[(8 + header)..]);
    }

    [Fact]
    public void Keeps_scalars()
    {
        Tensor read = Exchange(tensor(2.5f), ScalarType.Float32);

        Assert.Empty(OneEntry().Shape);
        Assert.Equal(2.5f, read.item<float>());
    }

    [Fact]
    public void Keeps_empty_tensors()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", zeros(0, 3)), ("b", ones(2)), ("c", zeros(4, 0))]);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Tensor none = zeros(0, 3), two = zeros(2);
        file.CopyTo("a", none);
        file.CopyTo("b", two);
        Assert.Equal([0, 3], file["a"].Shape);
        Assert.Equal([1f, 1f], two.data<float>().ToArray());
    }

    [Fact]
    public void Keeps_a_file_without_tensors()
    {
        SafetensorsWriter.Write(_folder.File(FileName), []);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Assert.Empty(file.Names);
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void Writes_views_as_they_are_seen()
    {
        Tensor whole = arange(24, ScalarType.Float32).reshape(4, 6);
        SafetensorsWriter.Write(
            _folder.File(FileName), [("columns", whole.narrow(1, 2, 2)), ("rows", whole.narrow(0, 1, 2)), ("transposed", whole.t()), ("expanded", whole.narrow(0, 3, 1).expand(3, 6))]);

        Assert.Equal([2f, 3, 8, 9, 14, 15, 20, 21], Read("columns", 4, 2));
        Assert.Equal([6f, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17], Read("rows", 2, 6));
        Assert.Equal([0f, 6, 12, 18, 1], Read("transposed", 6, 4)[..5]);
        Assert.Equal([18f, 19, 20, 21, 22, 23, 18], Read("expanded", 3, 6)[..7]);
    }

    [Fact]
    public void Fills_views()
    {
        Tensor whole = zeros(4, 6);
        SafetensorsWriter.Write(_folder.File(FileName), [("a", arange(8, ScalarType.Float32).reshape(4, 2))]);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        file.CopyTo("a", whole.narrow(1, 2, 2));

        Assert.Equal([0f, 0, 0, 1, 0, 0, 0, 0, 2, 3, 0, 0], whole.data<float>().ToArray()[..12]);
        Assert.Equal(28, whole.sum().item<float>());
    }

    [Fact]
    public void Writes_parameters_that_want_gradients()
    {
        Tensor parameter = ones(3).requires_grad_();

        Assert.Equal([1f, 1, 1], Exchange(parameter, ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void Keeps_names_of_any_script()
    {
        string[] names = ["encoder.layer.0.weight", "größe", "\"quoted\\\"", "重み", "😀", " ", ""];
        SafetensorsWriter.Write(_folder.File(FileName), names.Select(name => (name, ones(1))));

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Assert.Equal(names, file.Names);
    }

    [Theory]
    [InlineData("twice", "twice")]
    [InlineData("once", "__metadata__")]
    public void Writes_no_name_that_nobody_could_read(string first, string second)
    {
        var error = Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder.File(FileName), [(first, ones(1)), (second, ones(1))]));

        Assert.Contains($"'{second}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Refuses_to_write_types_that_the_format_lacks()
    {
        var error = Assert.Throws<NotSupportedException>(() => SafetensorsWriter.Write(_folder.File(FileName), [("a", ones(1, ScalarType.ComplexFloat32))]));

        Assert.Contains("'a' is of the type ComplexFloat32", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Refuses_a_target_of_another_shape()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", ones(2, 3))]);
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));

        var error = Assert.Throws<CheckpointException>(() => file.CopyTo("a", zeros(3, 2)));

        Assert.Contains("'a' is [2, 3], expected [3, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File(FileName), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_tensor_that_is_not_there()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", ones(2))]);
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));

        string expected = $"'{_folder.File(FileName)}' has no tensor 'b'.";
        Assert.Equal(expected, Assert.Throws<CheckpointException>(() => file["b"]).Message);
        Assert.Equal(expected, Assert.Throws<CheckpointException>(() => file.CopyTo("b", ones(2))).Message);
    }

    [Fact]
    public void Converts_tensors_longer_than_what_is_converted_at_once()
    {
        // 40 MB as bfloat16, so in three steps.
        Tensor written = arange(20_000_001, ScalarType.Float32).fmod(255).to(ScalarType.BFloat16);

        Tensor read = Exchange(written, ScalarType.Float32);

        Assert.True(read.equal(written.to(ScalarType.Float32)).all().item<bool>());
    }

    [Fact]
    public void Aligns_each_tensor_to_its_type()
    {
        (string, Tensor)[] tensors = [("bool", ones(3, ScalarType.Bool)), ("half", ones(1, ScalarType.Float16)), ("long", ones(1, ScalarType.Int64)), ("float", ones(3)), ("byte", ones(1, ScalarType.Byte))];

        SafetensorsWriter.Write(_folder.File(FileName), tensors);

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Assert.Equal(["long", "float", "half", "bool", "byte"], file.Names);
    }

    [Fact]
    public void Writes_the_metadata_that_are_given()
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", ones(1))], new Dictionary<string, string> { ["step"] = "7", ["größe"] = "\"x\"" });

        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Assert.Equal([("größe", "\"x\""), ("step", "7")], file.Metadata.Select(item => (item.Key, item.Value)).Order());
    }

    [Fact]
    public void Reads_tensors_behind_two_gigabytes()
    {
        const long Far = 5L << 29;
        string header = $$$"""{"big":{"dtype":"U8","shape":[{{{Far}}}],"data_offsets":[0,{{{Far}}}]},"end":{"dtype":"F32","shape":[2],"data_offsets":[{{{Far}}},{{{Far + 8}}}]}}""";
        using (FileStream sparse = File.Create(_folder.File(FileName)))
        {
            sparse.Write(SafetensorsBytes.Make(header));
            sparse.Seek(Far, SeekOrigin.Current);
            sparse.Write([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        }

        Assert.Equal([1f, 2f], Read("end", 2));
    }

    [Theory]
    [MemberData(nameof(GoldenFolders))]
    public void Opens_the_references_files(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Shared.Golden(folder, FileName));

        Assert.NotEmpty(file.Names);
        foreach (string name in file.Names)
        {
            Tensor target = empty(file[name].Shape, file[name].Type);
            file.CopyTo(name, target);
            Assert.True(TensorChecks.IsFinite(target), name);
        }
    }

    private TensorEntry OneEntry()
    {
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        return file["a"];
    }

    private Tensor Exchange(Tensor written, ScalarType type)
    {
        SafetensorsWriter.Write(_folder.File(FileName), [("a", written)]);
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Tensor read = empty(written.shape, type);
        file.CopyTo("a", read);
        return read;
    }

    private float[] Read(string name, params long[] shape)
    {
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File(FileName));
        Tensor target = zeros(shape);
        file.CopyTo(name, target);
        return target.data<float>().ToArray();
    }
}
