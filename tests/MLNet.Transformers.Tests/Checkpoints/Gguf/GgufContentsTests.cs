using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Gguf;

public sealed class GgufContentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public GgufContentsTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", "does not begin with 'GGUF'" },
        { "another magic", "does not begin with 'GGUF'" },
        { "version 1", "is of version 1; expected 2 or 3" },
        { "version 4", "is of version 4; expected 2 or 3" },
        { "big endian", "big-endian" },
        { "many tensors", "9,223,372,036,854,775,808 tensors" },
        { "many keys", "9,223,372,036,854,775,808 keys of metadata" },
        { "a long key", "a key of its metadata is said to be 9,223,372,036,854,775,808 bytes long" },
        { "a key that is not UTF-8", "a key of its metadata is not UTF-8" },
        { "a key twice", "the key 'a' twice" },
        { "an unknown type of value", "the metadata 'a' has the unknown type 13" },
        { "a long text", "18,446,744,073,709,551,615 bytes are needed" },
        { "half of a truth", "the metadata 'a' is 2 as true or false" },
        { "a long list", "18,446,744,073,709,551,615 items under the metadata 'a'" },
        { "a list of an unknown type", "the metadata 'a' is a list of the unknown type 99" },
        { "lists in lists", "lists in lists more than 4 deep" },
        { "an odd alignment", "the metadata 'general.alignment' is 24; expected a power of two" },
        { "one of several parts", "the metadata 'split.count' is 3; expected a file that is whole" },
        { "a tensor twice", "names the tensor 'a' twice" },
        { "five dimensions", "the tensor 'a' has 5 dimensions" },
        { "a size of 2^63", "the tensor 'a' has a size of 9,223,372,036,854,775,808" },
        { "sizes that overflow", "is larger than there can be" },
        { "blocks of one value", "the tensor 'a' is of the type IQ4_NL (20); supported are F32, F16" },
        { "an unknown type", "the tensor 'a' is of the type 77" },
        { "half of a block", "the tensor 'a' of shape [16] is of the type Q4_0, whose blocks hold 32 values" },
        { "an offset between", "begins at byte 16 of the data, which is no multiple of 32" },
        { "an offset behind the file", "the tensor 'a' ends behind the end of the file" },
        { "the largest offset", "begins at byte 18,446,744,073,709,551,584" },
        { "tensors over each other", "the bytes of 'b' overlap those of 'a'" },
        { "a tensor that is cut off", "the tensor 'a' ends behind the end of the file" },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Reads_metadata_of_every_type(uint version)
    {
        byte[] bytes = new GgufBytes { Version = version }.With("u8", (byte)255).With("i8", (sbyte)-1).With("u16", ushort.MaxValue).With("i16", (short)-2)
            .With("u32", uint.MaxValue).With("i32", -3).With("f32", 1e-5f).With("bool", true).With("text", "grüß").With("texts", new[] { "a", "" })
            .With("numbers", new[] { 1, -1 }).With("scores", new[] { 0.5f, -1f }).With("u64", ulong.MaxValue).With("i64", long.MinValue).With("f64", 2.5).ToArray();
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes));
        GgufMetadata metadata = file.Metadata;

        Assert.Equal(255, metadata.Int("u8"));
        Assert.Equal(-1, metadata.Int("i8", -9));
        Assert.Equal(65_535, metadata.Int("u16"));
        Assert.Equal(-2, metadata.Int("i16", -9));
        Assert.Equal(uint.MaxValue, metadata.Number("u32"));
        Assert.Equal(-3, metadata.Int("i32", -9));
        Assert.Equal(1e-5, metadata.Number("f32"));
        Assert.True(metadata.Bool("bool"));
        Assert.Equal("grüß", metadata.Text("text"));
        Assert.Equal(["a", ""], metadata.Texts("texts")!);
        Assert.Equal([1, -1], metadata.Ints("numbers")!);
        Assert.Equal([0.5f, -1f], metadata.Singles("scores")!);
        Assert.Equal(long.MinValue, metadata.Number("i64"));
        Assert.Equal(2.5, metadata.Number("f64"));
        Assert.Null(metadata.Int("absent"));
        Assert.Contains("'u64' is 18446744073709551615; expected one whole number", Assert.Throws<CheckpointException>(() => metadata.Int("u64")).Message, StringComparison.Ordinal);
        Assert.Contains("'texts' is a list of 2 items; expected a text", Assert.Throws<CheckpointException>(() => metadata.Text("texts")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(128)]
    public void Reads_tensors_at_any_alignment(int alignment)
    {
        byte[] bytes = new GgufBytes { Alignment = alignment }.With("general.alignment", (uint)alignment)
            .WithTensor("odd", 24, [3], [1, 2, 0xFF]).WithTensor("matrix", [2, 3], 1, 2, 3, 4, 5, 6).WithTensor("half", 1, [1], [0, 0xC0])
            .WithTensor("double", 28, [], BitConverter.GetBytes(0.5)).ToArray();
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes));

        Assert.Equal([1, 2, -1], Read(file, "odd"));
        Assert.Equal([2, 3], file.Tensors["matrix"].Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], Read(file, "matrix"));
        Assert.Equal([-2], Read(file, "half"));
        Assert.Equal([0.5f], Read(file, "double"));
    }

    // Pieces of whatever length have to give what one piece gives.
    [Fact]
    public void Decodes_in_pieces_of_any_length()
    {
        byte[] blocks = new byte[4 * 34];
        new Random(1).NextBytes(blocks);
        foreach (int block in Enumerable.Range(0, 4))
        {
            (blocks[block * 34], blocks[block * 34 + 1]) = (0, 0x3C);
        }
        string path = _folder.Write("a.gguf", new GgufBytes().WithTensor("a", 8, [2, 64], blocks).ToArray());
        using GgufContents file = GgufContents.Open(path);
        float[] whole = Read(file, "a");
        using var mapped = MappedFile.Open(path);
        foreach (int values in new[] { 1, 3, 31, 32, 33, 64, 100, 128 })
        {
            var rows = new GgufRows(mapped, file.Tensors["a"], 64, row => row);
            var target = new byte[whole.Length * sizeof(float)];
            for (int at = 0; at < target.Length; at += values * sizeof(float))
            {
                rows.Read(target.AsSpan(at, Math.Min(values * sizeof(float), target.Length - at)), at);
            }
            Assert.Equal(whole, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(target).ToArray());
        }
        Assert.Equal((sbyte)blocks[2], whole[0]);
        Assert.Equal((sbyte)blocks[^1], whole[^1]);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Refuses(string what, string expected)
    {
        string path = _folder.Write("broken.gguf", Broken(what));

        string message = Assert.Throws<CheckpointException>(() => GgufContents.Open(path).Dispose()).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.True(message.Contains(expected, StringComparison.Ordinal), $"{what}: {message}");
    }

    [Fact]
    public void Refuses_every_cut_of_a_file_and_survives_changed_bytes()
    {
        byte[] whole = new GgufBytes().With("general.name", "x").With("list", new[] { 1, 2 }).WithTensor("a", [2], 1, 2).WithTensor("b", 8, [32], new byte[34]).ToArray();
        var random = new Random(1);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.gguf", whole.AsSpan(0, length));
            Assert.Throws<CheckpointException>(() => GgufContents.Open(path).Dispose());
            byte[] changed = [.. whole];
            changed[length] = (byte)random.Next(256);
            path = _folder.Write("changed.gguf", changed);
            if (Record.Exception(() => GgufContents.Open(path).Dispose()) is { } error)
            {
                Assert.IsType<CheckpointException>(error);
            }
        }
    }

    private static float[] Read(GgufContents file, string name)
    {
        Tensor values = full(file.Tensors[name].Shape, float.NaN);
        file.Tensors[name].CopyTo(values);
        return values.data<float>().ToArray();
    }

    private static byte[] Broken(string what)
    {
        byte[] Key(uint type, params byte[] value) => [.. Head(3, 0, 1), .. Number(1), (byte)'a', .. BitConverter.GetBytes(type), .. value];
        byte[] Tensor(ulong[] sizes, uint type, ulong offset, int data = 64) =>
        [
            .. Head(3, 1, 0), .. Number(1), (byte)'a', .. BitConverter.GetBytes(sizes.Length), .. sizes.SelectMany(Number), .. BitConverter.GetBytes(type), .. Number(offset),
            .. new byte[data],
        ];
        const ulong Huge = 1UL << 63;
        return what switch
        {
            "empty" => [],
            "another magic" => [.. "GGML"u8, .. new byte[20]],
            "version 1" => Head(1, 0, 0),
            "version 4" => Head(4, 0, 0),
            "big endian" => [.. "GGUF"u8, 0, 0, 0, 3, .. new byte[16]],
            "many tensors" => Head(3, Huge, 0),
            "many keys" => Head(3, 0, Huge),
            "a long key" => [.. Head(3, 0, 1), .. Number(Huge), .. new byte[20]],
            "a key that is not UTF-8" => [.. Head(3, 0, 1), .. Number(1), 0xff, .. new byte[20]],
            "a key twice" => new GgufBytes().With("a", 1).With("a", 1).ToArray(),
            "an unknown type of value" => Key(13, 0, 0),
            "a long text" => Key(8, [.. Number(ulong.MaxValue), 0]),
            "half of a truth" => Key(7, 2),
            "a long list" => Key(9, [.. BitConverter.GetBytes(0), .. Number(ulong.MaxValue)]),
            "a list of an unknown type" => Key(9, [.. BitConverter.GetBytes(99), .. Number(0)]),
            "lists in lists" => Key(9, [.. Enumerable.Repeat((byte[])[.. BitConverter.GetBytes(9), .. Number(1)], 10_000).SelectMany(list => list)]),
            "an odd alignment" => new GgufBytes().With("general.alignment", 24u).ToArray(),
            "one of several parts" => new GgufBytes().With("split.count", (ushort)3).ToArray(),
            "a tensor twice" => new GgufBytes().WithTensor("a", [1], 1).WithTensor("a", [1], 1).ToArray(),
            "five dimensions" => Tensor([1, 1, 1, 1, 1], 0, 0),
            "a size of 2^63" => Tensor([Huge], 0, 0),
            "sizes that overflow" => Tensor([1UL << 40, 1UL << 40], 0, 0),
            "blocks of one value" => Tensor([32], 20, 0),
            "an unknown type" => Tensor([32], 77, 0),
            "half of a block" => Tensor([16], 2, 0),
            "an offset between" => Tensor([1], 0, 16),
            "an offset behind the file" => Tensor([1], 0, 1 << 20),
            "the largest offset" => Tensor([1], 0, ulong.MaxValue - 31),
            "tensors over each other" =>
            [
                .. Head(3, 2, 0), .. Number(1), (byte)'a', .. BitConverter.GetBytes(1), .. Number(16), .. BitConverter.GetBytes(0), .. Number(0),
                .. Number(1), (byte)'b', .. BitConverter.GetBytes(1), .. Number(4), .. BitConverter.GetBytes(0), .. Number(32), .. new byte[128],
            ],
            "a tensor that is cut off" => new GgufBytes().WithTensor("a", [4], 1, 2, 3, 4).ToArray()[..^1],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static byte[] Head(uint version, ulong tensors, ulong keys) => [.. "GGUF"u8, .. BitConverter.GetBytes(version), .. Number(tensors), .. Number(keys)];

    private static byte[] Number(ulong value) => BitConverter.GetBytes(value);
}
