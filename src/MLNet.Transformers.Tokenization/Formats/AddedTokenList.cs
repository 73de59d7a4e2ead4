namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// The added tokens of a tokenizer while its files are read. A token that a file names without its id has that of the piece which is written so, else
/// the next free one (tokenizers: added_vocabulary.rs, add_tokens; reference: TokenizersBackend.__init__).
/// </summary>
/// <param name="vocabulary">The pieces of the model.</param>
internal sealed class AddedTokenList(IReadOnlyDictionary<string, int> vocabulary)
{
    private readonly List<AddedToken> _tokens = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public IReadOnlyList<AddedToken> Tokens => _tokens;

    /// <summary>Adds tokens whose ids are known; of those that are written the same the first counts.</summary>
    public AddedTokenList Add(IEnumerable<AddedToken> tokens)
    {
        foreach (AddedToken token in tokens)
        {
            if (_places.TryAdd(token.Content, _tokens.Count))
            {
                _tokens.Add(token);
            }
        }
        return this;
    }

    /// <summary>Adds special tokens; one that is there already becomes special.</summary>
    /// <param name="contents">How they are written.</param>
    /// <param name="make">What a new one is like, of its id and how it is written; null: looked for in the text as it is.</param>
    public AddedTokenList AddSpecial(IEnumerable<string> contents, Func<int, string, AddedToken>? make = null)
    {
        foreach (string content in contents.Where(content => content.Length > 0))
        {
            if (_places.TryGetValue(content, out int place))
            {
                _tokens[place] = _tokens[place] with { Special = true };
            }
            else
            {
                int id = vocabulary.TryGetValue(content, out int known) ? known : NextId();
                Add([make?.Invoke(id, content) ?? new AddedToken(id, content, Special: true)]);
            }
        }
        return this;
    }

    /// <summary>The id of a token, added or of the model; null where there is none.</summary>
    public int? Id(string content) =>
        _places.TryGetValue(content, out int place) ? _tokens[place].Id : vocabulary.TryGetValue(content, out int id) ? id : null;

    private int NextId() => Math.Max(vocabulary.Count, _tokens.Count == 0 ? 0 : _tokens.Max(token => token.Id) + 1);
}
