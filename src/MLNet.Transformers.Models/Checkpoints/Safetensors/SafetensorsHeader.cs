using System.Text.Json;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Safetensors;

/// <summary>
/// The header of a safetensors file: a length of 8 bytes, then JSON with type, shape and byte range of each tensor. Everything is checked before
/// a byte of data is touched (format: the README of the safetensors project).
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length in front of the JSON.</summary>
    public const int LengthBytes = 8;

    /// <summary>The one key of the header that is no tensor.</summary>
    public const string MetadataKey = "__metadata__";

    // The reference refuses longer headers too.
    private const long LongestHeader = 100_000_000;

    // All types of the format with the bits of a value (safetensors/src/tensor.rs, Dtype).
    private static readonly Dictionary<string, (int Bits, ScalarType? Type)> _types = new()
    {
        ["F64"] = (64, ScalarType.Float64), ["F32"] = (32, ScalarType.Float32), ["F16"] = (16, ScalarType.Float16), ["BF16"] = (16, ScalarType.BFloat16),
        ["I64"] = (64, ScalarType.Int64), ["I32"] = (32, ScalarType.Int32), ["I16"] = (16, ScalarType.Int16), ["I8"] = (8, ScalarType.Int8),
        ["U8"] = (8, ScalarType.Byte), ["BOOL"] = (8, ScalarType.Bool), ["U64"] = (64, null), ["U32"] = (32, null), ["U16"] = (16, null), ["C64"] = (64, null),
        ["F8_E4M3"] = (8, null), ["F8_E4M3FNUZ"] = (8, null), ["F8_E5M2"] = (8, null), ["F8_E5M2FNUZ"] = (8, null), ["F8_E8M0"] = (8, null),
        ["F6_E2M3"] = (6, null), ["F6_E3M2"] = (6, null), ["F4"] = (4, null),
    };

    private SafetensorsHeader(IReadOnlyDictionary<string, (TensorEntry, long)> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Tensors, Metadata) = (tensors, metadata);

    /// <summary>Each tensor with the place of its first byte, counted from the end of the header.</summary>
    public IReadOnlyDictionary<string, (TensorEntry Entry, long Offset)> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static string TypeName(ScalarType type) => _types.First(item => item.Value.Type == type).Key;

    public static bool CanStore(ScalarType type) => _types.Values.Any(item => item.Type == type);

    /// <summary>Checks the length that stands in front of the header.</summary>
    public static int CheckLength(ulong length, long? available, string file) => length switch
    {
        0 or > LongestHeader => throw Malformed(file, $"its header is said to be {length:N0} bytes long; expected 1 to {LongestHeader:N0}"),
        _ when available < (long)length => throw Malformed(file, $"its header is said to be {length:N0} bytes long, but only {available:N0} follow"),
        _ => (int)length,
    };

    /// <param name="json">The header without its length.</param>
    /// <param name="dataLength">Bytes that follow it; null where that is not known.</param>
    /// <param name="file">What to call the file.</param>
    /// <exception cref="CheckpointException">The header is malformed.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long? dataLength, string file)
    {
        var tensors = new Dictionary<string, (TensorEntry Entry, long Offset)>();
        var metadata = new Dictionary<string, string>();
        using JsonDocument document = ParseJson(json, file);
        try
        {
            foreach (JsonProperty item in document.RootElement.EnumerateObject())
            {
                if (item.Name == MetadataKey)
                {
                    ReadMetadata(item.Value, metadata, file);
                }
                else if (!tensors.TryAdd(item.Name, ReadEntry(item, file)))
                {
                    throw Malformed(file, $"it names the tensor '{item.Name}' twice");
                }
            }
        }
        catch (InvalidOperationException error)
        {
            // The parser looks into a text only where it is asked for: bytes that are no UTF-8, halves of a surrogate pair.
            throw NotJson(file, error);
        }
        CheckRanges(tensors.Values, dataLength, file);
        return new SafetensorsHeader(tensors, metadata);
    }

    public static CheckpointException Malformed(string file, string what) => new($"'{file}' is no valid safetensors file: {what}.");

    private static CheckpointException NotJson(string file, Exception error) =>
        new($"'{file}' is no valid safetensors file: its header is not JSON: {error.Message}", error);

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> json, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw NotJson(file, error);
        }
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Malformed(file, "its header is not a JSON object");
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata, string file)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Malformed(file, "'__metadata__' is not an object");
        }
        foreach (JsonProperty item in element.EnumerateObject())
        {
            metadata[item.Name] = item.Value.ValueKind == JsonValueKind.String
                ? item.Value.GetString()!
                : throw Malformed(file, $"'__metadata__' has the value {item.Value.GetRawText()} for '{item.Name}', expected a string");
        }
    }

    private static (TensorEntry, long) ReadEntry(JsonProperty item, string file)
    {
        string name = item.Name;
        if (item.Value.ValueKind != JsonValueKind.Object)
        {
            throw Malformed(file, $"the entry of '{name}' is not an object");
        }
        if (!item.Value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String)
        {
            throw Malformed(file, $"the tensor '{name}' has no text 'dtype'");
        }
        string typeName = dtype.GetString()!;
        if (!_types.TryGetValue(typeName, out (int Bits, ScalarType? Type) type))
        {
            throw Malformed(file, $"the tensor '{name}' has the type '{typeName}'; known are {string.Join(", ", _types.Keys)}");
        }
        long[] shape = Numbers("shape");
        long[] range = Numbers("data_offsets");
        if (range.Length != 2 || range[1] < range[0])
        {
            throw Malformed(file, $"the tensor '{name}' has the byte range [{string.Join(", ", range)}]; expected a beginning and an end");
        }
        long length = range[1] - range[0];
        Int128? bits = BitLength(shape, type.Bits);
        if (bits != (Int128)length * 8)
        {
            string needs = bits is not { } all ? "more than there can be" : all % 8 == 0 ? $"{all / 8:N0}" : $"{all:N0} bits";
            throw Malformed(file, $"the tensor '{name}' has {length:N0} bytes, but {typeName} of shape [{string.Join(", ", shape)}] needs {needs}");
        }
        return (new TensorEntry(name, type.Type, shape, length) { TypeName = typeName }, range[0]);

        long[] Numbers(string key)
        {
            if (!item.Value.TryGetProperty(key, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            {
                throw Malformed(file, $"the tensor '{name}' has no list '{key}'");
            }
            return [.. list.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0
                ? number
                : throw Malformed(file, $"'{key}' of the tensor '{name}' holds {value.GetRawText()}; expected whole numbers from 0"))];
        }
    }

    // Null where the bytes are more than can be counted.
    private static Int128? BitLength(long[] shape, int bits)
    {
        if (shape.Contains(0))
        {
            return 0;
        }
        try
        {
            Int128 all = shape.Aggregate((Int128)bits, (product, size) => checked(product * size));
            return all / 8 <= long.MaxValue ? all : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static void CheckRanges(IEnumerable<(TensorEntry Entry, long Offset)> tensors, long? dataLength, string file)
    {
        long end = 0;
        string before = "the header";
        foreach ((TensorEntry entry, long offset) in tensors.OrderBy(item => item.Offset).ThenBy(item => item.Entry.Length))
        {
            if (offset != end)
            {
                throw Malformed(file, offset < end
                    ? $"the bytes of '{entry.Name}' overlap those of '{before}'"
                    : $"there is a hole of {offset - end:N0} bytes between '{before}' and '{entry.Name}'");
            }
            (end, before) = (offset + entry.Length, entry.Name);
        }
        if (dataLength is { } length && end != length)
        {
            throw Malformed(file, end > length
                ? $"the tensor '{before}' ends at byte {end:N0} of the data, but only {length:N0} are there; the file is cut off"
                : $"{length - end:N0} bytes follow the last tensor");
        }
    }
}
