using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization;

/// <summary>The tokens of one text, before special tokens are added.</summary>
internal sealed class PieceList(int enough = int.MaxValue)
{
    private readonly List<Entry> _entries = [];
    private int _words;

    public int Count => _entries.Count;

    /// <summary>Whether there are as many tokens as will ever be asked for.</summary>
    public bool IsFull => _entries.Count >= enough;

    public int Id(int index) => _entries[index].Id;

    public TextSpan Offset(int index) => _entries[index].Offset;

    public int Word(int index) => _entries[index].Word;

    /// <summary>Adds the pieces of the next word.</summary>
    public void AddWord(TextSlice word, List<Piece> pieces)
    {
        foreach (Piece piece in pieces)
        {
            _entries.Add(new Entry(piece.Id, word.Original(piece.Start, piece.Length), _words));
        }
        _words++;
    }

    /// <summary>Adds a token that was found as a whole.</summary>
    public void AddToken(int id, TextSpan offset) => _entries.Add(new Entry(id, offset, _words++));

    private readonly record struct Entry(int Id, TextSpan Offset, int Word);
}
