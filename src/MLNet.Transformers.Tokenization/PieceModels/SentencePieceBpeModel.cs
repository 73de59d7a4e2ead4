using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// Byte-pair encoding as SentencePiece does it: of all neighbours that together are a piece those with the highest score are joined first, of
/// equal ones the leftmost (Sennrich et al. 2016; sentencepiece: bpe_model.cc). User-defined pieces are never split or joined.
/// </summary>
internal sealed class SentencePieceBpeModel : IPieceModel
{
    private readonly SentencePieceModel _model;
    private readonly PieceTrie _userDefined;
    private readonly JoinedNeighbours _neighbours;
    private readonly SentencePieceMerger _merger;
    private readonly WordCache _cache = new();

    public SentencePieceBpeModel(SentencePieceModel model)
    {
        _model = model;
        (string Text, int Id)[] joined =
        [
            .. model.Pieces.Select((piece, id) => (piece.Text, id, piece.Type))
                .Where(item => item.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused)
                .Select(item => (item.Text, item.id)),
        ];
        _userDefined = new PieceTrie(joined.Where(item => model.Pieces[item.Id].Type == PieceType.UserDefined));
        _neighbours = new JoinedNeighbours(joined.Select(item => item.Text));
        _merger = new SentencePieceMerger(model, new PieceTrie(joined));
    }

    public IReadOnlyDictionary<string, int> Vocabulary => _model.Ids;

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        for (int start = 0; start < word.Length;)
        {
            int frozen = _userDefined.LongestPrefix(word[start..], out int id);
            if (frozen > 0)
            {
                pieces.Add(new Piece(id, start, frozen));
                start += frozen;
                continue;
            }
            int end = EndOfSegment(word, start);
            SplitSegment(word[start..end], start, pieces);
            start = end;
        }
    }

    // No piece reaches over the end of a segment, so that each can be split by itself.
    private int EndOfSegment(ReadOnlySpan<char> word, int start)
    {
        int end = start + 1;
        while (end < word.Length && (_neighbours.MayBeJoined(word[end - 1], word[end]) || char.IsLowSurrogate(word[end]))
            && _userDefined.LongestPrefix(word[end..], out _) == 0)
        {
            end++;
        }
        return end;
    }

    private void SplitSegment(ReadOnlySpan<char> segment, int start, List<Piece> pieces)
    {
        foreach (Piece piece in Pieces(segment))
        {
            if (piece.Id != _model.UnknownId)
            {
                pieces.Add(piece with { Start = start + piece.Start });
            }
            else
            {
                AddUnknown(segment.Slice(piece.Start, piece.Length), start + piece.Start, pieces);
            }
        }
    }

    private Piece[] Pieces(ReadOnlySpan<char> segment)
    {
        int place = -1;
        if (segment.Length <= WordCache.LongestWord && _cache.Find(segment, out place) is { } known)
        {
            return known;
        }
        var pieces = new List<Piece>();
        _merger.Split(segment, pieces);
        Piece[] result = [.. pieces];
        if (place >= 0)
        {
            _cache.Keep(place, segment, result);
        }
        return result;
    }

    private void AddUnknown(ReadOnlySpan<char> text, int start, List<Piece> pieces)
    {
        if (_model.ByteFallback)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (Rune rune in text.EnumerateRunes())
            {
                foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    pieces.Add(new Piece(_model.ByteIds[value], start, text.Length));
                }
            }
        }
        else if (pieces.Count > 0 && pieces[^1] is var last && last.Id == _model.UnknownId && last.Start + last.Length == start)
        {
            pieces[^1] = last with { Length = last.Length + text.Length };
        }
        else
        {
            pieces.Add(new Piece(_model.UnknownId, start, text.Length));
        }
    }
}
