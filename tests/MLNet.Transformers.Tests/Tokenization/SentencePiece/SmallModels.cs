using System.Buffers.Binary;
using System.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

/// <summary>Writes small SentencePiece models in the wire format, field by field.</summary>
internal static class SmallModels
{
    public const int Normal = 1;
    public const int Unknown = 2;
    public const int Control = 3;
    public const int UserDefined = 4;
    public const int Unused = 5;
    public const int Byte = 6;

    /// <summary>The pieces that every LLaMA-like model begins with.</summary>
    public static (string Text, float Score, int Type)[] LlamaPieces { get; } = [("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control)];

    /// <summary>The pieces that every T5-like model begins with.</summary>
    public static (string Text, float Score, int Type)[] T5Pieces { get; } = [("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown)];

    public static byte[] Unigram(params (string Text, float Score, int Type)[] pieces) => Model(pieces, Number(3, 1), []);

    public static byte[] Bpe(params (string Text, float Score, int Type)[] pieces) => Model(pieces, Number(3, 2), Number(4, 0));

    /// <param name="pieces">The pieces.</param>
    /// <param name="trainer">Fields of trainer_spec.</param>
    /// <param name="normalizer">Fields of normalizer_spec.</param>
    public static byte[] Model(IEnumerable<(string Text, float Score, int Type)> pieces, byte[] trainer, byte[] normalizer) =>
    [
        .. pieces.SelectMany(piece => Message(1, [.. Text(1, piece.Text), .. Score(2, piece.Score), .. Number(3, piece.Type)])),
        .. Message(2, trainer), .. Message(3, normalizer),
    ];

    public static IEnumerable<(string Text, float Score, int Type)> Bytes() => Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, Byte));

    public static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    public static byte[] Text(int field, string value) => Message(field, Encoding.UTF8.GetBytes(value));

    public static byte[] Message(int field, byte[] value) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)value.Length), .. value];

    public static byte[] Score(int field, float value)
    {
        byte[] bytes = [.. Varint((ulong)((field << 3) | 5)), 0, 0, 0, 0];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - sizeof(float)), value);
        return bytes;
    }

    /// <summary>A precompiled_charsmap of one rule for an ASCII character.</summary>
    public static byte[] CharacterMap(char from, string to)
    {
        var units = new uint[0x200];
        // The root's children begin at 0x100; the rule's leaf lies at 0x80 of the same block.
        units[0] = 0x100 << 10;
        int child = 0x100 ^ from;
        units[child] = from | 0x100u | ((uint)(child ^ 0x180) << 10);
        units[0x180] = 0x80000000u;
        byte[] content = new byte[4 + (4 * units.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(content, 4 * units.Length);
        for (int i = 0; i < units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4 + (4 * i)), units[i]);
        }
        return [.. content, .. Encoding.UTF8.GetBytes(to), 0];
    }

    public static TextEncoder Open(string name, byte[] model, string config = "{}") => TextEncoder.FromFiles(new Dictionary<string, byte[]>
    {
        [name] = model, ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config),
    });

    public static TextEncoder Alone(byte[] model) => Open("sentencepiece.model", model);

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        return [.. bytes, (byte)value];
    }
}
