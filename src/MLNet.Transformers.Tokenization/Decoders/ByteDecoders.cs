using System.Buffers;
using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>From the byte alphabet back to text; a token with a character that stands for no byte is text already (tokenizers: pre_tokenizers/byte_level.rs).</summary>
internal sealed class ByteLevelDecoder : WholeTokenDecoder
{
    private byte[] _begun = [];

    public override void Finish(List<TokenText> decoded) => decoded.Add(new TokenText(Encoding.UTF8.GetString(_begun), Ends: true));

    protected override void Add(string token, List<TokenText> decoded)
    {
        byte[] bytes = token.All(character => ByteAlphabet.Byte(character) >= 0)
            ? [.. _begun, .. token.Select(character => (byte)ByteAlphabet.Byte(character))]
            : [.. _begun, .. Encoding.UTF8.GetBytes(token)];
        int begun = Utf8.Begun(bytes);
        _begun = bytes[^begun..];
        decoded.Add(new TokenText(Encoding.UTF8.GetString(bytes, 0, bytes.Length - begun), Ends: false));
    }
}

/// <summary>
/// Joins tokens that stand for bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, to text; where one byte of a run is wrong, every byte of it is U+FFFD
/// (tokenizers: decoders/byte_fallback.rs), so that a run is known only behind its end.
/// </summary>
internal sealed class ByteFallbackDecoder : WholeTokenDecoder
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _run = [];

    public override void Finish(List<TokenText> decoded)
    {
        if (_run.Length == 0)
        {
            return;
        }
        try
        {
            decoded.Add(new TokenText(_strict.GetString(_run), Ends: true));
        }
        catch (DecoderFallbackException)
        {
            decoded.AddRange(Enumerable.Repeat(new TokenText("\uFFFD", Ends: true), _run.Length));
        }
    }

    protected override void Add(string token, List<TokenText> decoded)
    {
        if (Byte(token) is { } value)
        {
            _run = [.. _run, value];
            return;
        }
        Finish(decoded);
        _run = [];
        decoded.Add(new TokenText(token, Ends: true));
    }

    private static byte? Byte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : null;
}

/// <summary>Characters whose bytes come one by one.</summary>
internal static class Utf8
{
    private const int LongestBegun = 3;

    /// <summary>How many bytes at the end are the beginning of a character.</summary>
    public static int Begun(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Math.Min(LongestBegun, bytes.Length); length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData)
            {
                return length;
            }
        }
        return 0;
    }
}
