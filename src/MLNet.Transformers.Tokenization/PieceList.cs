using System.Runtime.InteropServices;
using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization;

/// <summary>The tokens of one text, before special tokens are added.</summary>
internal sealed class PieceList(string text = "", int enough = int.MaxValue)
{
    private readonly List<Entry> _entries = [];
    private int _words;

    /// <summary>The original text.</summary>
    public string Text => text;

    public int Count => _entries.Count;

    /// <summary>Whether there are as many tokens as will ever be asked for. Only words end a text: behind a token that was found as a whole one more is read, as in the reference.</summary>
    public bool IsFull { get; private set; }

    public int Id(int index) => _entries[index].Id;

    public TextSpan Offset(int index) => _entries[index].Offset;

    /// <summary>What a token that was found as a whole is written as where it was found, white space that it took included; null for pieces.</summary>
    public string? Found(int index) => _entries[index].Found;

    public int Word(int index) => _entries[index].Word;

    /// <summary>Where a text begins that is read from its end, to the beginning of the word in which there are <paramref name="most"/> tokens.</summary>
    public int StartOfLast(int most)
    {
        int start = Count;
        bool isFull = false;
        while (start > 0 && !isFull)
        {
            for (start--; start > 0 && Word(start - 1) == Word(start);)
            {
                start--;
            }
            isFull = Found(start) is null && Count - start >= most;
        }
        return start;
    }

    /// <summary>Adds the pieces of the next word.</summary>
    public void AddWord(TextSlice word, List<Piece> pieces)
    {
        foreach (Piece piece in pieces)
        {
            _entries.Add(new Entry(piece.Id, word.Original(piece.Start, piece.Length), _words, Found: null));
        }
        _words++;
        IsFull = _entries.Count >= enough;
    }

    /// <summary>Adds a token that was found as a whole.</summary>
    /// <param name="token">The token.</param>
    /// <param name="found">What was found.</param>
    /// <param name="offset">Where it stands.</param>
    public void AddToken(AddedToken token, ReadOnlySpan<char> found, TextSpan offset) =>
        _entries.Add(new Entry(token.Id, offset, _words++, found.SequenceEqual(token.Content) ? token.Content : found.ToString()));

    /// <summary>
    /// Moves all places one unit to the left, where a blank was put before the text: it has the place of the first character, as a blank that a
    /// pre-tokenizer puts in front.
    /// </summary>
    public void RemoveFirstUnit()
    {
        int first = text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;
        foreach (ref Entry entry in CollectionsMarshal.AsSpan(_entries))
        {
            TextSpan place = entry.Offset;
            entry = entry with { Offset = new TextSpan(Math.Max(0, place.Start - 1), place.End == 1 ? first : place.End - 1) };
        }
    }

    private readonly record struct Entry(int Id, TextSpan Offset, int Word, string? Found);
}
