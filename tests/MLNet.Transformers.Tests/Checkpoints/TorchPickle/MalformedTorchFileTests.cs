using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints.TorchPickle;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Checkpoints.TorchPickle;

public sealed class MalformedTorchFileTests
{
    private static readonly byte[] _storage = TorchBytes.Floats(1, 2);

    public MalformedTorchFileTests() => NativeBackend.EnsureLoaded();

    // What is wrong and what the message says of it; the pickle stands in Pickle below.
    public static TheoryData<string, string> Pickles => new()
    {
        { "a command", "uses 'os.system'" },
        { "a command of protocol 4", "uses 'posix.system'" },
        { "eval", "uses '__builtin__.eval'" },
        { "a command as a storage", "uses 'os.system'" },
        { "complex numbers", "uses 'torch.ComplexFloatStorage'" },
        { "an instance of old classes", "the instruction 0x69" },
        { "a persistent id of text", "the instruction 0x50" },
        { "an extension", "the instruction 0x82" },
        { "no instruction", "the instruction 0xff" },
        { "protocol 6", "of protocol 6" },
        { "a call of a type", "calls 'torch.float32', which cannot be called" },
        { "a call of a number", "calls something that cannot be called" },
        { "the state of a tensor", "sets the state of an object that is no dictionary" },
        { "a number as a storage", "a reference to a storage" },
        { "a storage of negative length", "a reference to a storage" },
        { "an empty stack", "takes a value where there is none" },
        { "values left over", "with 1 values left over" },
        { "a memo that is not there", "uses the value 9 of its memo" },
        { "a container that was never opened", "closes a container" },
        { "a key without a value", "a key without a value" },
        { "a list as a key", "a key that is neither" },
        { "a long text", "4,294,967,295 bytes are needed" },
        { "a longer text", "18,446,744,073,709,551,615 bytes are needed" },
        { "a long number", "a number of 4,294,967,295 bytes" },
        { "a text that is not UTF-8", "not UTF-8" },
        { "a name without an end", "no line ends within" },
        { "no end", "1 bytes are needed" },
        { "a storage that is not there", "the storage '9' is not in it" },
        { "a storage that is too short", "the storage '0' has 8 bytes, but 3 numbers" },
        { "a storage of another type", "the storage '0' has 8 bytes, but 2 numbers of the type Float64 need 16" },
        { "a view beyond its storage", "reaches beyond the 2 numbers of the storage '0'" },
        { "an offset beyond its storage", "reaches beyond" },
        { "an offset in front of its storage", "which cannot be" },
        { "a negative size", "which cannot be" },
        { "a negative stride", "which cannot be" },
        { "more strides than sizes", "which cannot be" },
        { "sizes that overflow", "larger than there can be" },
        { "strides that overflow", "larger than there can be" },
        { "conjugated numbers", "no flags such as conj or neg" },
        { "sizes of text", "a tuple of numbers" },
        { "no tensors", "it holds no tensors; it has a" },
        { "a number", "it holds no tensors" },
        { "one name twice", "two tensors named 'a.b'" },
        { "a list within itself", "more than 64 deep" },
        { "doubled lists", "hold more than 1,000,000 values" },
        { "deep lists", "more than 64 deep" },
        { "endless instructions", "more than 5,000,000 instructions" },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Refuses_pickles(string what, string expected)
    {
        byte[] pickle = PickleBytes.Of(p => Write(p, what));
        Refuses(TorchBytes.Zip(what == "no end" ? pickle[..^1] : pickle, ("0", _storage)), expected, what);
    }

    public static TheoryData<string, string> Files => new()
    {
        { "empty", "1 bytes are needed from byte 0 on, but only 0 follow" },
        { "text", "begins neither as a zip archive" },
        { "another pickle", "begins neither as a zip archive" },
        { "only the beginning of a zip", "no directory; the file is cut off" },
        { "a zip of other files", "has 0 files 'data.pkl'" },
        { "two pickles", "has 2 files 'data.pkl'" },
        { "a program", "a program of TorchScript" },
        { "packed files", "is packed or encrypted" },
        { "places outside", "lies outside of the archive" },
        { "wrong places", "is not where the directory says" },
        { "a file twice", "has the file 'archive/data.pkl' twice" },
        { "big endian", "its byte order is 'big'" },
        { "another version", "its archive is of version '99'" },
        { "no version", "its archive is of version ''" },
        { "old: another version", "it is of version 1002" },
        { "old: another machine", "not written on a little-endian machine" },
        { "old: no keys", "the list of its storages' keys is not there" },
        { "old: another count", "has 3 numbers, but its pickle says 2" },
        { "old: a storage that nothing uses", "the storage '9' which nothing refers to" },
        { "old: a storage twice", "the storage '0' twice" },
        { "old: a storage that is missing", "the storage '0' is not in it" },
        { "old: cut off", "the storage '0' ends 4 bytes behind the end" },
        { "old: a part beyond its storage", "a part of the storage '0'" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Refuses_files(string what, string expected) => Refuses(File(what), expected, what);

    [Fact]
    public void Refuses_every_cut_of_a_file()
    {
        byte[] pickle = PickleBytes.Of(p => p.Dict("a", x => x.Tensor("FloatStorage", "0", 2, 0, [2], [1])));
        byte[] old = PickleBytes.Of(p => p.Dict("a", x => x.Tensor("FloatStorage", "0", 2, 0, [2], [1], view => view.Op('N'))));
        using var folder = new TemporaryFolder();
        foreach (byte[] whole in new[] { TorchBytes.Zip(pickle, ("0", _storage)), TorchBytes.Zip(pickle, [("0", _storage)], zip64: true), TorchBytes.Legacy(old, ("0", 2, _storage)) })
        {
            TorchFile.Open(folder.Write("whole.bin", whole)).Dispose();
            for (int length = 0; length < whole.Length; length++)
            {
                string path = folder.Write("cut.bin", whole.AsSpan(0, length));
                Assert.Contains(path, Assert.Throws<CheckpointException>(() => TorchFile.Open(path).Dispose()).Message, StringComparison.Ordinal);
            }
        }
    }

    // Whatever a byte is changed to: the file is read, or refused as what it is.
    [Fact]
    public void Survives_changed_bytes()
    {
        byte[] pickle = PickleBytes.Of(p => p.Dict("a", x => x.Tensor("FloatStorage", "0", 2, 0, [2], [1])));
        byte[] old = PickleBytes.Of(p => p.Dict("a", x => x.Tensor("FloatStorage", "0", 2, 0, [2], [1], view => view.Op('N'))));
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        foreach (byte[] whole in new[] { TorchBytes.Zip(pickle, ("0", _storage)), TorchBytes.Zip(pickle, [("0", _storage)], zip64: true), TorchBytes.Legacy(old, ("0", 2, _storage)) })
        {
            for (int i = 0; i < 2 * whole.Length; i++)
            {
                byte[] changed = [.. whole];
                changed[i % whole.Length] = (byte)random.Next(256);
                string path = folder.Write("changed.bin", changed);
                if (Record.Exception(() => TorchFile.Open(path).Dispose()) is { } error)
                {
                    Assert.IsType<CheckpointException>(error);
                }
            }
        }
    }

    private static void Refuses(byte[] file, string expected, string what)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("broken.bin", file);

        string message = Assert.Throws<CheckpointException>(() => TorchFile.Open(path).Dispose()).Message;

        Assert.Contains($"'{path}' is no PyTorch file that can be read: ", message, StringComparison.Ordinal);
        Assert.True(message.Contains(expected, StringComparison.Ordinal), $"{what}: {message}");
    }

    private static void Write(PickleBytes p, string what)
    {
        PickleBytes Tensor(long offset, long[] shape, long[] strides) => p.Tensor("FloatStorage", "0", 2, offset, shape, strides);
        _ = what switch
        {
            "a command" => p.Global("os", "system").Text("true").Op(0x85).Op('R'),
            "a command of protocol 4" => p.Text("posix").Text("system").Op(0x93).Text("true").Op(0x85).Op('R'),
            "eval" => p.Global("__builtin__", "eval").Text("1").Op(0x85).Op('R'),
            "a command as a storage" => p.Op('(').Text("storage").Global("os", "system").Text("0").Text("cpu").Int(1).Op('t').Op('Q'),
            "complex numbers" => p.Tensor("ComplexFloatStorage", "0", 1, 0, [1], [1]),
            "an instance of old classes" => p.Op('(').Op('i').Op("os\nsystem\n"u8),
            "a persistent id of text" => p.Op('P').Op("0\n"u8),
            "an extension" => p.Op(0x82, 1),
            "no instruction" => p.Op(0xff),
            "protocol 6" => p.Op(0x80, 6).Op('N'),
            "a call of a type" => p.Global("torch", "float32").Op(')').Op('R'),
            "a call of a number" => p.Int(1).Op(')').Op('R'),
            "the state of a tensor" => Tensor(0, [1], [1]).Op('}').Op('b'),
            "a number as a storage" => p.Int(1).Op('Q'),
            "a storage of negative length" => p.Tensor("FloatStorage", "0", -1, 0, [1], [1]),
            "an empty stack" => p.Op('s'),
            "values left over" => p.Op('N').Op('N'),
            "a memo that is not there" => p.Op('h', 9),
            "a container that was never opened" => p.Op('N').Op('t'),
            "a key without a value" => p.Op('}').Op('(').Text("a").Op('u'),
            "a list as a key" => p.Op('}').Op('(').Op(']').Op('N').Op('u'),
            "a long text" => p.Op('X').UInt32(uint.MaxValue),
            "a longer text" => p.Op(0x8d).Op(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
            "a long number" => p.Op(0x8b).UInt32(uint.MaxValue),
            "a text that is not UTF-8" => p.Op(0x8c, 1, 0xff),
            "a name without an end" => p.Op('c').Op(new byte[2000]),
            "no end" => p.Op('N'),
            "a storage that is not there" => p.Tensor("FloatStorage", "9", 2, 0, [1], [1]),
            "a storage that is too short" => p.Tensor("FloatStorage", "0", 3, 0, [1], [1]),
            "a storage of another type" => p.Tensor("DoubleStorage", "0", 2, 0, [1], [1]),
            "a view beyond its storage" => Tensor(0, [3], [1]),
            "an offset beyond its storage" => Tensor(2, [1], [1]),
            "an offset in front of its storage" => Tensor(-1, [1], [1]),
            "a negative size" => Tensor(0, [-1], [1]),
            "a negative stride" => Tensor(1, [2], [-1]),
            "more strides than sizes" => Tensor(0, [1], [1, 1]),
            "sizes that overflow" => Tensor(0, [1L << 40, 1L << 40], [0, 0]),
            "strides that overflow" => Tensor(0, [3], [long.MaxValue]),
            "conjugated numbers" => p.Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage("FloatStorage", "0", 2).Int(0).Tuple(1).Tuple(1)
                .Op(0x89).Op('N').Dict("conj", value => value.Op(0x88)).Op('t').Op('R'),
            "sizes of text" => p.Global("torch._utils", "_rebuild_tensor").Op('(').Storage("FloatStorage", "0", 2).Int(0).Text("1").Tuple(1).Op('t').Op('R'),
            "no tensors" => p.Dict("a", value => value.Int(1)),
            "a number" => p.Int(1),
            "one name twice" => p.Op('}').Op('(').Text("a").Dict("b", x => x.Tensor("FloatStorage", "0", 2, 0, [1], [1]))
                .Text("a.b").Tensor("FloatStorage", "0", 2, 0, [1], [1]).Op('u'),
            "a list within itself" => p.Op(']').Op('q', 0).Op('h', 0).Op('a'),
            "doubled lists" => Doubled(p),
            "deep lists" => Nested(p, 100_000),
            "endless instructions" => p.Op([.. Enumerable.Repeat("N0"u8.ToArray(), 3_000_000).SelectMany(pair => pair)]),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static PickleBytes Doubled(PickleBytes p)
    {
        p.Op('N');
        for (byte i = 0; i < 40; i++)
        {
            p.Op('q', i).Op('h', i).Op(0x86);
        }
        return p;
    }

    private static PickleBytes Nested(PickleBytes p, int depth)
    {
        p.Op('N');
        for (int i = 0; i < depth; i++)
        {
            p.Op(0x85);
        }
        return p;
    }

    private static byte[] File(string what)
    {
        const string Data = TorchBytes.Folder + "data.pkl", Version = TorchBytes.Folder + "version", Order = TorchBytes.Folder + "byteorder";
        byte[] none = PickleBytes.Of(p => p.Op('N')), three = "3\n"u8.ToArray();
        byte[] old = PickleBytes.Of(p => p.Dict("a", x => x.Tensor("FloatStorage", "0", 2, 0, [2], [1], view => view.Op('N'))));
        byte[] head = TorchBytes.Legacy([])[..21];
        return what switch
        {
            "empty" => [],
            "text" => "no file of PyTorch"u8.ToArray(),
            "another pickle" => none,
            "only the beginning of a zip" => "PK\u0003\u0004 and no more"u8.ToArray(),
            "a zip of other files" => ZipBytes.Make([("word/document.xml", none)]),
            "two pickles" => ZipBytes.Make([("a/data.pkl", none), ("b/data.pkl", none)]),
            "a program" => ZipBytes.Make([(Data, none), (TorchBytes.Folder + "constants.pkl", none), (Version, three)]),
            "packed files" => ZipBytes.Make([(Data, none), (Version, three)], method: 8),
            "places outside" => ZipBytes.Make([(Data, none), (Version, three)], shift: 1 << 20),
            "wrong places" => ZipBytes.Make([(Data, none), (Version, three)], shift: 1),
            "a file twice" => ZipBytes.Make([(Data, none), (Data, none)]),
            "big endian" => ZipBytes.Make([(Data, none), (Order, "big"u8.ToArray()), (Version, three)]),
            "another version" => ZipBytes.Make([(Data, none), (Version, "99"u8.ToArray())]),
            "no version" => ZipBytes.Make([(Data, none)]),
            "old: another version" => [.. head[..15], 0x80, 2, (byte)'M', 0xea, 3, (byte)'.'],
            "old: another machine" => [.. head, .. PickleBytes.Of(p => p.Dict("little_endian", value => value.Op(0x89)))],
            "old: no keys" => [.. TorchBytes.Legacy([])[..^6], .. old, .. none],
            "old: another count" => TorchBytes.Legacy(old, ("0", 3, TorchBytes.Floats(1, 2, 3))),
            "old: a storage that nothing uses" => TorchBytes.Legacy(old, ("9", 2, _storage)),
            "old: a storage twice" => TorchBytes.Legacy(old, ("0", 2, _storage), ("0", 2, _storage)),
            "old: a storage that is missing" => TorchBytes.Legacy(old),
            "old: cut off" => TorchBytes.Legacy(old, ("0", 2, TorchBytes.Floats(1))),
            "old: a part beyond its storage" => TorchBytes.Legacy(PickleBytes.Of(p => p.Dict("a", x => x.Tensor(
                "FloatStorage", "0", 2, 0, [1], [1], view => view.Op('(').Text("part").Int(1).Int(2).Op('t')))), ("0", 2, _storage)),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
