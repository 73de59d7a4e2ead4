using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Safetensors;

/// <summary>
/// Writes safetensors as the reference does: header padded to 8 bytes, data without gaps, wider types first so that each tensor is aligned to its
/// type. One tensor is in memory a second time at most, and only where it is a view or on another device.
/// </summary>
internal static class SafetensorsWriter
{
    // What the reference's loader wants to see.
    private static readonly Dictionary<string, string> _metadata = new() { ["format"] = "pt" };

    /// <summary>Writes a file beside the target and renames it, so that a failure leaves the old one.</summary>
    /// <param name="path">The target.</param>
    /// <param name="tensors">Names and tensors of any device.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>; default: the format 'pt'.</param>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <param name="stream">Written forward only.</param>
    /// <param name="tensors">Names and tensors of any device.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>; default: the format 'pt'.</param>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    /// <exception cref="NotSupportedException">The format has no such type.</exception>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (string Name, Tensor Tensor)[] items = [.. tensors];
        Check(items);
        items = [.. items.OrderByDescending(item => item.Tensor.dtype.ElementSize())];
        byte[] header = Header(items, metadata ?? _metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor) in items)
        {
            TensorBytes.Read(tensor, stream.Write);
        }
    }

    private static void Check((string Name, Tensor Tensor)[] items)
    {
        var names = new HashSet<string> { SafetensorsHeader.MetadataKey };
        foreach ((string name, Tensor tensor) in items)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' is given twice or is the format's own; each tensor needs a name of its own.", nameof(items));
            }
            if (!SafetensorsHeader.CanStore(tensor.dtype))
            {
                throw new NotSupportedException($"The tensor '{name}' is of the type {tensor.dtype}, which safetensors files cannot hold.");
            }
        }
    }

    private static byte[] Header((string Name, Tensor Tensor)[] items, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }
            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, Tensor tensor) in items)
            {
                long end = offset + tensor.numel() * tensor.dtype.ElementSize();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsHeader.TypeName(tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, long[] values)
    {
        json.WriteStartArray(key);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }
        json.WriteEndArray();
    }
}
