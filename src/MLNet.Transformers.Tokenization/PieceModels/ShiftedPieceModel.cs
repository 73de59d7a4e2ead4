namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>A piece model whose ids begin behind others.</summary>
internal sealed class ShiftedPieceModel : IPieceModel
{
    private readonly IPieceModel _inner;
    private readonly int _shift;

    /// <param name="inner">The model.</param>
    /// <param name="shift">How many ids come before.</param>
    /// <param name="name">The token of an id that comes before.</param>
    public ShiftedPieceModel(IPieceModel inner, int shift, Func<int, string> name)
    {
        (_inner, _shift) = (inner, shift);
        Vocabulary = Enumerable.Range(0, shift).Select(id => (name(id), id))
            .Concat(inner.Vocabulary.Select(item => (item.Key, item.Value + shift)))
            .ToDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        int first = pieces.Count;
        _inner.Split(word, pieces);
        for (int i = first; i < pieces.Count && _shift > 0; i++)
        {
            pieces[i] = pieces[i] with { Id = pieces[i].Id + _shift };
        }
    }
}
