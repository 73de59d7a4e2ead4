using System.Buffers;
using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>From pieces back to text as SentencePiece does it (sentencepiece: sentencepiece_processor.cc, Decode).</summary>
internal sealed class SentencePieceDecoder(SentencePieceModel model) : IDecoder
{
    private readonly Dictionary<string, byte> _bytes = model.ByteIds.Select((id, value) => (id, value))
        .ToDictionary(item => model.Pieces[item.id].Text, item => (byte)item.value, StringComparer.Ordinal);

    // Whether a blank in front is the model's own.
    private readonly bool _dropsFirstBlank = model.Normalizer.AddDummyPrefix || model.Normalizer.RemoveExtraWhitespaces;

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [Text(tokens)];

    /// <summary>The text of some pieces; what is no piece stays as it is.</summary>
    public string Text(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool dropsBlank = _dropsFirstBlank;
        foreach (string token in tokens)
        {
            if (_bytes.TryGetValue(token, out byte value))
            {
                bytes.Add(value);
                continue;
            }
            AppendBytes(bytes, text);
            dropsBlank &= text.Length == 0;
            string surface = Surface(token);
            if (dropsBlank && surface.Length > 0 && surface[0] == SentencePieceModel.Blank)
            {
                surface = surface[1..];
                dropsBlank = model.Normalizer.RemoveExtraWhitespaces;
            }
            text.Append(surface.Replace(SentencePieceModel.Blank, ' '));
        }
        AppendBytes(bytes, text);
        return text.ToString();
    }

    private string Surface(string token) => model.Ids.TryGetValue(token, out int id)
        ? model.Pieces[id].Type switch
        {
            SentencePieceType.Control => "",
            SentencePieceType.Unknown => model.UnknownSurface,
            _ => token,
        }
        : token;

    // Bytes that are not valid UTF-8 become U+FFFD one by one.
    private static void AppendBytes(List<byte> bytes, StringBuilder text)
    {
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
        Span<char> units = stackalloc char[2];
        while (rest.Length > 0)
        {
            bool isValid = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == OperationStatus.Done;
            text.Append(units[..rune.EncodeToUtf16(units)]);
            rest = rest[(isValid ? length : 1)..];
        }
        bytes.Clear();
    }
}
