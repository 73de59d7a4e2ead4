using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>Reads the fields of one protobuf message from its wire format.</summary>
/// <param name="message">The bytes of the message.</param>
/// <param name="file">What errors call the file.</param>
/// <param name="what">What errors call the message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string file, string what)
{
    private const int LongestVarint = 10;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private WireType _wire;

    /// <summary>The wire types of the format; the two of groups are not used any more.</summary>
    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>The number of the field that is read.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field, whose value is to be read or skipped then; false at the end.</summary>
    public bool Next()
    {
        if (_at == _message.Length)
        {
            return false;
        }
        ulong tag = Varint();
        Field = tag >> 3 is > 0 and <= int.MaxValue and var number ? (int)number : throw Broken($"field number {tag >> 3}, expected 1 or more");
        _wire = (WireType)(tag & 7);
        return Enum.IsDefined(_wire) ? true : throw Broken($"wire type {tag & 7} of field {Field}, expected 0, 1, 2 or 5");
    }

    public void Skip()
    {
        if (_wire == WireType.Varint)
        {
            Varint();
        }
        else if (_wire == WireType.Bytes)
        {
            Bytes();
        }
        else
        {
            Take(_wire == WireType.Fixed64 ? sizeof(ulong) : sizeof(uint));
        }
    }

    public int Int() => unchecked((int)(long)Number());

    public bool Bool() => Number() != 0;

    public float Float()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    public string Text()
    {
        try
        {
            return _strict.GetString(Bytes());
        }
        catch (DecoderFallbackException error)
        {
            throw new TokenizerException($"'{file}' is no SentencePiece model: field {Field} of {what} is not valid UTF-8.", error);
        }
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        ulong length = Varint();
        return length <= int.MaxValue ? Take((int)length) : throw Broken($"a length of {length} bytes");
    }

    private ulong Number()
    {
        Expect(WireType.Varint);
        return Varint();
    }

    private readonly void Expect(WireType expected)
    {
        if (_wire != expected)
        {
            throw Broken($"field {Field} with wire type {(int)_wire}, expected {(int)expected}");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            byte part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }
        throw Broken($"a number of more than {LongestVarint} bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
        {
            throw Broken($"a value of {count} bytes where {_message.Length - _at} are left");
        }
        _at += count;
        return _message.Slice(_at - count, count);
    }

    private readonly TokenizerException Broken(string found) =>
        new($"'{file}' is no SentencePiece model, or is damaged: {what} has at byte {_at} {found}.");
}
