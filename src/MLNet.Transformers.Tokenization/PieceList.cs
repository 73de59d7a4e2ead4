using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization;

/// <summary>The tokens of one text, before special tokens are added.</summary>
internal sealed class PieceList(int enough = int.MaxValue)
{
    private readonly List<int> _ids = [];
    private readonly List<TextSpan> _offsets = [];
    private readonly List<int> _words = [];

    public int Count => _ids.Count;

    /// <summary>Whether there are as many tokens as will ever be asked for.</summary>
    public bool IsFull => _ids.Count >= enough;

    public int WordCount { get; private set; }

    public int Id(int index) => _ids[index];

    public TextSpan Offset(int index) => _offsets[index];

    public int Word(int index) => _words[index];

    /// <summary>Adds the pieces of the next word.</summary>
    public void AddWord(TextSlice word, List<Piece> pieces)
    {
        foreach (Piece piece in pieces)
        {
            _ids.Add(piece.Id);
            _offsets.Add(word.Original(piece.Start, piece.Length));
            _words.Add(WordCount);
        }
        WordCount++;
    }

    /// <summary>Adds a token that was found as a whole.</summary>
    public void AddToken(int id, TextSpan offset)
    {
        _ids.Add(id);
        _offsets.Add(offset);
        _words.Add(WordCount++);
    }
}
