using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tests.Checkpoints.TorchPickle;

/// <summary>A pickle put together instruction by instruction.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [0x80, 2];

    public static byte[] Of(Action<PickleBytes> write)
    {
        var pickle = new PickleBytes();
        write(pickle);
        return [.. pickle._bytes, (byte)'.'];
    }

    public PickleBytes Op(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(char opcode) => Op((byte)opcode);

    public PickleBytes Op(char opcode, byte argument) => Op((byte)opcode, argument);

    public PickleBytes Text(string text) => Op('X').UInt32((uint)Encoding.UTF8.GetByteCount(text)).Op(Encoding.UTF8.GetBytes(text));

    public PickleBytes UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Op(bytes);
    }

    public PickleBytes Int(long value) => value is >= int.MinValue and <= int.MaxValue
        ? Op('J').UInt32((uint)(int)value)
        : Op(0x8a, 8).Op(BitConverter.GetBytes(value));

    public PickleBytes Global(string module, string name) => Op(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    public PickleBytes Tuple(params long[] values)
    {
        Op('(');
        foreach (long value in values)
        {
            Int(value);
        }
        return Op('t');
    }

    /// <summary>A dictionary of one key.</summary>
    public PickleBytes Dict(string key, Action<PickleBytes> value)
    {
        Op('}').Text(key);
        value(this);
        return Op('s');
    }

    public PickleBytes Set(string key, Action<PickleBytes> value)
    {
        Text(key);
        value(this);
        return Op('s');
    }

    public PickleBytes Storage(string type, string key, long elements, Action<PickleBytes>? view = null)
    {
        (string module, string name) = type.LastIndexOf('.') is > 0 and var dot ? (type[..dot], type[(dot + 1)..]) : ("torch", type);
        Op('(').Text("storage").Global(module, name).Text(key).Text("cpu").Int(elements);
        view?.Invoke(this);
        return Op('t').Op('Q');
    }

    /// <summary>A tensor as torch.save writes it.</summary>
    public PickleBytes Tensor(string type, string key, long elements, long offset, long[] shape, long[] strides, Action<PickleBytes>? view = null) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, elements, view).Int(offset).Tuple(shape).Tuple(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
}
