using System.Text;

namespace MLNet.Transformers.Parity.Checkpoints;

/// <summary>Puts a GGUF file together: metadata, then tensors of bytes that are already as the file is to hold them.</summary>
public sealed class GgufBytes
{
    private readonly List<byte> _metadata = [];
    private readonly List<byte> _tensors = [];
    private readonly List<byte> _data = [];
    private ulong _keys;
    private ulong _tensorCount;

    /// <summary>Multiple of which each tensor's place is.</summary>
    public int Alignment { get; init; } = 32;

    public uint Version { get; init; } = 3;

    /// <summary>Adds a value: bool, whole numbers, float, double, string, or an array of one of them.</summary>
    public GgufBytes With(string key, object value)
    {
        _metadata.AddRange(Written(writer =>
        {
            WriteText(writer, key);
            writer.Write(TypeOf(value.GetType()));
            WriteValue(writer, value);
        }));
        _keys++;
        return this;
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">ggml's number of its type.</param>
    /// <param name="shape">Its sizes, outermost first.</param>
    /// <param name="bytes">Its values.</param>
    public GgufBytes WithTensor(string name, uint type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        Align(_data);
        _tensors.AddRange(Written(writer =>
        {
            WriteText(writer, name);
            writer.Write((uint)shape.Length);
            foreach (long size in shape.Reverse())
            {
                writer.Write(size);
            }
            writer.Write(type);
            writer.Write((long)_data.Count);
        }));
        _data.AddRange(bytes);
        _tensorCount++;
        return this;
    }

    /// <summary>Adds a tensor of float32.</summary>
    public GgufBytes WithTensor(string name, long[] shape, params float[] values) =>
        WithTensor(name, 0, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));

    public byte[] ToArray()
    {
        List<byte> file =
        [
            .. Written(writer =>
            {
                writer.Write("GGUF"u8);
                writer.Write(Version);
                writer.Write(_tensorCount);
                writer.Write(_keys);
            }),
            .. _metadata, .. _tensors,
        ];
        Align(file);
        return [.. file, .. _data];
    }

    private static byte[] Written(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private void Align(List<byte> bytes) => bytes.AddRange(new byte[(Alignment - bytes.Count % Alignment) % Alignment]);

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static uint TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 0,
        TypeCode.SByte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.Int16 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int32 => 5,
        TypeCode.Single => 6,
        TypeCode.Boolean => 7,
        TypeCode.String => 8,
        TypeCode.UInt64 => 10,
        TypeCode.Int64 => 11,
        TypeCode.Double => 12,
        _ when type.IsArray => 9,
        _ => throw new NotSupportedException($"GGUF has no values of the type {type}."),
    };

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte number: writer.Write(number); break;
            case sbyte number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool flag: writer.Write(flag); break;
            case string text: WriteText(writer, text); break;
            case ulong number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case Array list:
                writer.Write(TypeOf(list.GetType().GetElementType()!));
                writer.Write((ulong)list.Length);
                foreach (object item in list)
                {
                    WriteValue(writer, item);
                }
                break;
            default:
                throw new NotSupportedException($"GGUF has no values of the type {value.GetType()}.");
        }
    }
}
