using System.Text;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// Reads the part of a GGUF file in front of its tensors: metadata, and name, sizes, type and place of each tensor (format: gguf.md of the ggml
/// project, versions 2 and 3). Everything is checked before a byte of data is touched.
/// </summary>
internal sealed class GgufHeader
{
    private const uint Magic = 0x46554747;
    private const uint LowestVersion = 2;
    private const uint HighestVersion = 3;

    private const string AlignmentKey = "general.alignment";
    private const int DefaultAlignment = 32;
    private const int MostDimensions = 4;
    private const int LongestName = 65_535;

    // Bytes that an entry has at least; more entries than that there cannot be.
    private const int LeastKeyBytes = 13;
    private const int LeastTensorBytes = 24;

    // Lists of lists are allowed, and in use nowhere.
    private const int DeepestList = 4;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FileCursor _cursor;
    private readonly MappedFile _file;

    private GgufHeader(MappedFile file) => (_cursor, _file) = (new FileCursor(file, 0, file.Length, what => Malformed(file.Path, what)), file);

    public static CheckpointException Malformed(string path, string what) => new($"'{path}' is no GGUF file that can be read: {what}.");

    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static (GgufMetadata Metadata, OrderedDictionary<string, GgufTensor> Tensors) Read(MappedFile file) => new GgufHeader(file).Read();

    private (GgufMetadata, OrderedDictionary<string, GgufTensor>) Read()
    {
        if (_cursor.Remaining < sizeof(uint) || _cursor.UInt32() != Magic)
        {
            throw _cursor.Malformed("it does not begin with 'GGUF'");
        }
        uint version = _cursor.UInt32();
        if (version is < LowestVersion or > HighestVersion)
        {
            throw _cursor.Malformed((version & 0xFFFF) == 0
                ? "it is written in big-endian order; expected little-endian"
                : $"it is of version {version}; expected {LowestVersion} or {HighestVersion}");
        }
        ulong tensorCount = _cursor.UInt64();
        ulong keyCount = Count(_cursor.UInt64(), LeastKeyBytes, "keys of metadata");
        Dictionary<string, object> values = [];
        for (ulong i = 0; i < keyCount; i++)
        {
            string key = Name("a key of its metadata");
            if (!values.TryAdd(key, Value(_cursor.UInt32(), key, 0)))
            {
                throw _cursor.Malformed($"its metadata has the key '{key}' twice");
            }
        }
        var metadata = new GgufMetadata(_file.Path, values);
        return (metadata, Tensors(Count(tensorCount, LeastTensorBytes, "tensors"), Alignment(metadata)));
    }

    private ulong Count(ulong count, int least, string what) => count <= (ulong)(_cursor.Remaining / least)
        ? count
        : throw _cursor.Malformed($"it is said to have {count:N0} {what}, but only {_cursor.Remaining:N0} bytes follow");

    private string Name(string what)
    {
        ulong length = _cursor.UInt64();
        if (length > LongestName)
        {
            throw _cursor.Malformed($"{what} is said to be {length:N0} bytes long; expected at most {LongestName:N0}");
        }
        try
        {
            return _utf8.GetString(_cursor.Bytes(length));
        }
        catch (DecoderFallbackException)
        {
            throw _cursor.Malformed($"{what} is not UTF-8");
        }
    }

    private object Value(uint type, string key, int depth) => (GgufValueType)type switch
    {
        GgufValueType.UInt8 => (long)_cursor.Byte(),
        GgufValueType.Int8 => (long)(sbyte)_cursor.Byte(),
        GgufValueType.UInt16 => (long)_cursor.UInt16(),
        GgufValueType.Int16 => (long)(short)_cursor.UInt16(),
        GgufValueType.UInt32 => (long)_cursor.UInt32(),
        GgufValueType.Int32 => (long)_cursor.Int32(),
        GgufValueType.UInt64 => _cursor.UInt64() is var number && number <= long.MaxValue ? (long)number : number,
        GgufValueType.Int64 => _cursor.Int64(),
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(_cursor.UInt32()),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(_cursor.UInt64()),
        GgufValueType.Bool => _cursor.Byte() switch
        {
            0 => false,
            1 => true,
            byte other => throw _cursor.Malformed($"the metadata '{key}' is {other} as true or false"),
        },
        GgufValueType.Text => Encoding.UTF8.GetString(_cursor.Bytes(_cursor.UInt64())),
        GgufValueType.List => List(key, depth + 1),
        _ => throw _cursor.Malformed($"the metadata '{key}' has the unknown type {type}"),
    };

    private object[] List(string key, int depth)
    {
        if (depth > DeepestList)
        {
            throw _cursor.Malformed($"the metadata '{key}' has lists in lists more than {DeepestList} deep");
        }
        uint type = _cursor.UInt32();
        int least = (GgufValueType)type switch
        {
            GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
            GgufValueType.UInt16 or GgufValueType.Int16 => 2,
            GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
            GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 or GgufValueType.Text => 8,
            GgufValueType.List => 12,
            _ => throw _cursor.Malformed($"the metadata '{key}' is a list of the unknown type {type}"),
        };
        var items = new object[Count(_cursor.UInt64(), least, $"items under the metadata '{key}'")];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Value(type, key, depth);
        }
        return items;
    }

    private static int Alignment(GgufMetadata metadata)
    {
        int alignment = metadata.Int(AlignmentKey) ?? DefaultAlignment;
        return int.IsPow2(alignment) ? alignment : throw metadata.InvalidValue(AlignmentKey, "a power of two");
    }

    private OrderedDictionary<string, GgufTensor> Tensors(ulong count, int alignment)
    {
        var tensors = new OrderedDictionary<string, GgufTensor>();
        for (ulong i = 0; i < count; i++)
        {
            GgufTensor tensor = Tensor(alignment);
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw _cursor.Malformed($"it names the tensor '{tensor.Name}' twice");
            }
        }
        long data = (_cursor.Position + alignment - 1) / alignment * alignment;
        CheckRanges(tensors.Values, data, _file.Length);
        foreach (GgufTensor tensor in tensors.Values)
        {
            tensor.Offset += data;
        }
        return tensors;
    }

    private GgufTensor Tensor(int alignment)
    {
        string name = Name("the name of a tensor");
        uint dimensions = _cursor.UInt32();
        if (dimensions > MostDimensions)
        {
            throw _cursor.Malformed($"the tensor '{name}' has {dimensions:N0} dimensions; expected at most {MostDimensions}");
        }
        // The file gives the innermost size first.
        var shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong size = _cursor.UInt64();
            shape[i] = size <= long.MaxValue ? (long)size : throw _cursor.Malformed($"the tensor '{name}' has a size of {size:N0}");
        }
        GgufType type = GgufType.Find(_cursor.UInt32(), name, _cursor.Malformed);
        ulong offset = _cursor.UInt64();
        if (offset % (ulong)alignment != 0 || offset > long.MaxValue)
        {
            throw _cursor.Malformed($"the tensor '{name}' begins at byte {offset:N0} of the data, which is no multiple of {alignment} within a file");
        }
        return new GgufTensor(_file, name, type, shape, ByteLength(name, type, shape)) { Offset = (long)offset };
    }

    private long ByteLength(string name, GgufType type, long[] shape)
    {
        string Sizes() => $"the tensor '{name}' of shape [{string.Join(", ", shape)}]";
        long row = shape.Length == 0 ? 1 : shape[^1];
        if (row % type.BlockValues != 0)
        {
            throw _cursor.Malformed($"{Sizes()} is of the type {type.Name}, whose blocks hold {type.BlockValues} values of a row");
        }
        if (shape.Contains(0))
        {
            return 0;
        }
        try
        {
            checked
            {
                // The values as float32 have to be addressable too.
                long values = shape.Aggregate(1L, (product, size) => product * size);
                _ = values * sizeof(double);
                return values / type.BlockValues * type.BlockBytes;
            }
        }
        catch (OverflowException)
        {
            throw _cursor.Malformed($"{Sizes()} is larger than there can be");
        }
    }

    private void CheckRanges(IEnumerable<GgufTensor> tensors, long data, long fileLength)
    {
        long end = 0;
        string before = "";
        foreach (GgufTensor tensor in tensors.Where(tensor => tensor.Length > 0).OrderBy(tensor => tensor.Offset))
        {
            if (tensor.Offset < end)
            {
                throw _cursor.Malformed($"the bytes of '{tensor.Name}' overlap those of '{before}'");
            }
            if (tensor.Offset > fileLength - data || tensor.Length > fileLength - data - tensor.Offset)
            {
                throw _cursor.Malformed($"the tensor '{tensor.Name}' ends behind the end of the file; the file is cut off");
            }
            (end, before) = (tensor.Offset + tensor.Length, tensor.Name);
        }
    }

    private enum GgufValueType : uint
    {
        UInt8 = 0,
        Int8 = 1,
        UInt16 = 2,
        Int16 = 3,
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        Text = 8,
        List = 9,
        UInt64 = 10,
        Int64 = 11,
        Float64 = 12,
    }
}
