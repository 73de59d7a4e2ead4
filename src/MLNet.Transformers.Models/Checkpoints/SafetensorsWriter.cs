using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Writes safetensors as the reference does: header padded to 8 bytes, data without gaps, one tensor in memory at a time.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes a file beside the target and renames it, so that a failure leaves the old one.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, tensors));

    /// <param name="stream">Written forward only.</param>
    /// <param name="tensors">Names and tensors of any device.</param>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        (string Name, Tensor Tensor)[] items = [.. tensors];
        CheckNames(items);
        byte[] header = Header(items);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor) in items)
        {
            TensorBytes.Read(tensor, chunk => stream.Write(chunk.Span));
        }
    }

    private static void CheckNames((string Name, Tensor Tensor)[] items)
    {
        var names = new HashSet<string> { SafetensorsHeader.MetadataKey };
        if (items.FirstOrDefault(item => !names.Add(item.Name)).Name is { } wrong)
        {
            throw new ArgumentException($"The name '{wrong}' is given twice or is the format's own; each tensor needs a name of its own.", nameof(items));
        }
    }

    private static byte[] Header((string Name, Tensor Tensor)[] items)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, Tensor tensor) in items)
            {
                long end = offset + tensor.numel() * tensor.dtype.ElementSize();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsHeader.TypeName(tensor.dtype));
                Numbers("shape", tensor.shape);
                Numbers("data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();

            void Numbers(string key, long[] values)
            {
                json.WriteStartArray(key);
                foreach (long value in values)
                {
                    json.WriteNumberValue(value);
                }
                json.WriteEndArray();
            }
        }
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        return buffer.ToArray();
    }
}
