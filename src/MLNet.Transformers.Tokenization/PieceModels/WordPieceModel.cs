using System.Text;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// WordPiece: from the left, always the longest piece that fits; a word with a rest that fits none is unknown as a whole (Wu et al. 2016, §4.1;
/// google-research/bert tokenization.py, WordpieceTokenizer).
/// </summary>
internal sealed class WordPieceModel : IPieceModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _begins;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continues;
    private readonly int _longestBegin;
    private readonly int _longestContinue;
    private readonly int _unknown;
    private readonly int _maxCharacters;

    /// <param name="vocabulary">Pieces and ids.</param>
    /// <param name="unknown">Id of unknown words.</param>
    /// <param name="prefix">What marks pieces that continue a word.</param>
    /// <param name="maxCharacters">Words of more code points are unknown.</param>
    public WordPieceModel(IReadOnlyDictionary<string, int> vocabulary, int unknown, string prefix = "##", int maxCharacters = 100)
    {
        (Vocabulary, Prefix, _unknown, _maxCharacters) = (vocabulary, prefix, unknown, maxCharacters);
        var begins = new Dictionary<string, int>(vocabulary.Count, StringComparer.Ordinal);
        var continues = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string piece, int id) in vocabulary)
        {
            begins[piece] = id;
            if (piece.StartsWith(prefix, StringComparison.Ordinal) && piece.Length > prefix.Length)
            {
                continues[piece[prefix.Length..]] = id;
            }
        }
        _begins = begins.GetAlternateLookup<ReadOnlySpan<char>>();
        _continues = continues.GetAlternateLookup<ReadOnlySpan<char>>();
        _longestBegin = begins.Keys.Max(piece => (int?)piece.Length) ?? 0;
        _longestContinue = continues.Keys.Max(piece => (int?)piece.Length) ?? 0;
    }

    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    public string Prefix { get; }

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        int before = pieces.Count;
        if (word.Length > _maxCharacters && CodePoints(word) > _maxCharacters)
        {
            pieces.Add(new Piece(_unknown, 0, word.Length));
            return;
        }
        for (int start = 0; start < word.Length;)
        {
            int length = LongestMatch(word[start..], start == 0, out int id);
            if (length == 0)
            {
                pieces.RemoveRange(before, pieces.Count - before);
                pieces.Add(new Piece(_unknown, 0, word.Length));
                return;
            }
            pieces.Add(new Piece(id, start, length));
            start += length;
        }
    }

    private int LongestMatch(ReadOnlySpan<char> rest, bool begins, out int id)
    {
        var lookup = begins ? _begins : _continues;
        for (int length = Math.Min(rest.Length, begins ? _longestBegin : _longestContinue); length > 0; length--)
        {
            if (lookup.TryGetValue(rest[..length], out id))
            {
                return length;
            }
        }
        id = _unknown;
        return 0;
    }

    private static int CodePoints(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (Rune _ in word.EnumerateRunes())
        {
            count++;
        }
        return count;
    }
}
