using System.Buffers;
using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>From pieces back to text as SentencePiece does it (sentencepiece: sentencepiece_processor.cc, Decode); what is no piece stays as it is.</summary>
internal sealed class SentencePieceDecoder : WholeTokenDecoder
{
    private readonly SentencePieceModel _model;
    private readonly Dictionary<string, byte> _byteOf;

    private bool _dropsBlank;
    private bool _hasText;
    private byte[] _bytes = [];

    public SentencePieceDecoder(SentencePieceModel model)
    {
        _model = model;
        _byteOf = model.ByteIds.Select((id, value) => (id, value)).ToDictionary(item => model.Pieces[item.id].Text, item => (byte)item.value, StringComparer.Ordinal);
        // A blank in front is the model's own.
        _dropsBlank = model.Normalizer.AddDummyPrefix || model.Normalizer.RemoveExtraWhitespaces;
    }

    /// <summary>The text of some pieces.</summary>
    public string Text(IEnumerable<string> pieces)
    {
        List<TokenText> decoded = [];
        TokenDecoder decoder = Copy();
        foreach (string piece in pieces)
        {
            decoder.Add(new TokenText(piece, Ends: true), decoded);
        }
        decoder.Finish(decoded);
        return string.Concat(decoded.Select(part => part.Text));
    }

    public override void Finish(List<TokenText> decoded) => decoded.Add(new TokenText(TakeBytes(isEnd: true), Ends: true));

    protected override void Add(string token, List<TokenText> decoded)
    {
        bool isByte = _byteOf.TryGetValue(token, out byte value);
        _bytes = isByte ? [.. _bytes, value] : _bytes;
        string text = TakeBytes(isEnd: !isByte);
        _hasText |= text.Length > 0;
        if (!isByte)
        {
            string surface = Surface(token);
            _dropsBlank &= !_hasText;
            if (_dropsBlank && surface.StartsWith(SentencePieceModel.Blank))
            {
                surface = surface[1..];
                _dropsBlank = _model.Normalizer.RemoveExtraWhitespaces;
            }
            text += surface.Replace(SentencePieceModel.Blank, ' ');
            _hasText |= surface.Length > 0;
        }
        decoded.Add(new TokenText(text, Ends: false));
    }

    private string Surface(string token) => _model.Ids.TryGetValue(token, out int id)
        ? _model.Pieces[id].Type switch
        {
            PieceType.Control => "",
            PieceType.Unknown => _model.UnknownSurface,
            _ => token,
        }
        : token;

    // Bytes that are not valid UTF-8 become U+FFFD one by one.
    private string TakeBytes(bool isEnd)
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> rest = _bytes;
        Span<char> units = stackalloc char[2];
        while (rest.Length > 0)
        {
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData && !isEnd)
            {
                break;
            }
            text.Append(units[..rune.EncodeToUtf16(units)]);
            rest = rest[(status == OperationStatus.Done ? length : 1)..];
        }
        _bytes = rest.ToArray();
        return text.ToString();
    }
}
