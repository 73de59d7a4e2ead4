namespace MLNet.Transformers.Tokenization;

/// <summary>All tokens, those of the piece model and added ones, by id and by text.</summary>
internal sealed class TokenTable
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly HashSet<int> _special;

    /// <param name="vocabulary">The tokens of the piece model.</param>
    /// <param name="added">Added tokens.</param>
    /// <param name="normalize">How a token is written that is looked for in normalized text: so it is decoded, as in the reference since tokenizers 0.23.</param>
    public TokenTable(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<AddedToken> added, Func<string, string> normalize)
    {
        _ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach ((string token, int id) in vocabulary)
        {
            _tokens[id] = token;
        }
        foreach (AddedToken token in added)
        {
            _ids[token.Content] = token.Id;
            _tokens[token.Id] = token.Normalized ? normalize(token.Content) : token.Content;
        }
        // A special token that normalization writes in another way is not known for one when it is decoded, as in the reference.
        HashSet<string> special = [.. added.Where(token => token.Special).Select(token => token.Content)];
        _special = [.. added.Select(token => token.Id).Where(id => special.Contains(_tokens[id]))];
        MaxId = _tokens.Keys.Max();
    }

    public int Count => _tokens.Count;

    public int MaxId { get; }

    public bool IsSpecial(int id) => _special.Contains(id);

    public string? Token(int id) => _tokens.GetValueOrDefault(id);

    public int? Id(string token) => _ids.TryGetValue(token, out int id) ? id : null;
}
