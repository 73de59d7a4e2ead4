namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>Pieces of a vocabulary that grows; the place of a piece is its id.</summary>
internal sealed class PieceTable
{
    private readonly List<string> _pieces = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    public PieceTable(IEnumerable<string> pieces)
    {
        foreach (string piece in pieces)
        {
            Add(piece);
        }
    }

    public int Count => _pieces.Count;

    public IReadOnlyList<string> Pieces => _pieces;

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public string this[int id] => _pieces[id];

    /// <summary>The id of a piece, which is added where it is new.</summary>
    public int Add(string piece)
    {
        if (!_ids.TryGetValue(piece, out int id))
        {
            id = _pieces.Count;
            _pieces.Add(piece);
            _ids.Add(piece, id);
        }
        return id;
    }
}
