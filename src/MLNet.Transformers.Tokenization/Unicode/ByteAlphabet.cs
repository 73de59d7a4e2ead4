using System.Text;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>
/// The 256 characters that byte-level vocabularies write bytes with: printable ones of Latin-1 stand for themselves, the others are U+0100 and on in
/// their order, so that a blank is <c>Ġ</c> (Radford et al. 2019, §2.2; openai/gpt-2 encoder.py, bytes_to_unicode).
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>What stands for a blank.</summary>
    public const char Blank = '\u0120';

    private const int FirstStandIn = 0x100;

    private static readonly char[] _characters = MakeCharacters();
    private static readonly short[] _bytes = MakeBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char Character(byte value) => _characters[value];

    /// <summary>The byte that a character stands for; negative where it stands for none.</summary>
    public static int Byte(char character) => character < _bytes.Length ? _bytes[character] : -1;

    /// <summary>Bytes as the alphabet writes them.</summary>
    public static string Write(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (characters, bytes) =>
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            characters[i] = _characters[bytes[i]];
        }
    });

    /// <summary>Writes the bytes of a rune; returns their number, at most 4.</summary>
    public static int Write(Rune rune, Span<char> characters)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = rune.EncodeToUtf8(bytes);
        for (int i = 0; i < count; i++)
        {
            characters[i] = _characters[bytes[i]];
        }
        return count;
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        int next = FirstStandIn;
        for (int value = 0; value < characters.Length; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = printable ? (char)value : (char)next++;
        }
        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[_characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < _characters.Length; value++)
        {
            bytes[_characters[value]] = (short)value;
        }
        return bytes;
    }
}
