namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// The added tokens of a tokenizer that is made from the model's own files: those that the files list, and special tokens, which get the next free
/// id where the model has no such piece. All are looked for in the text as it is (reference: tokenization_utils.py, PreTrainedTokenizer).
/// </summary>
internal sealed class OwnAddedTokens
{
    private readonly AddedTokenList _tokens;
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly SentencePieceSource _source;

    /// <param name="source">The model and its files.</param>
    /// <param name="defaults">Tokens by role, where the files name none.</param>
    /// <param name="own">Special tokens that the class of the tokenizer brings with it; a token of the files under the same id comes before.</param>
    /// <param name="neverAdded">A special token that stays unknown where neither the model nor the files have it.</param>
    public OwnAddedTokens(
        SentencePieceSource source, IReadOnlyDictionary<string, string> defaults, IReadOnlyList<AddedToken> own, string? neverAdded = null)
    {
        _source = source;
        Roles = TokenizerConfig.UsualRoles.Select(role => (role, token: source.Config.Role(role) ?? defaults.GetValueOrDefault(role)))
            .Where(item => item.token is not null).ToDictionary(item => item.role, item => item.token!);
        _special.UnionWith(Roles.Values.Concat(own.Select(token => token.Content)).Concat(source.Config.SpecialTokens));
        IEnumerable<AddedToken> listed =
            source.Config.AddedTokens.Select(token => token with { Normalized = false, Special = token.Special || _special.Contains(token.Content) });
        _tokens = new AddedTokenList(source.Model.Ids).Add(listed);
        HashSet<int> taken = [.. _tokens.Tokens.Select(token => token.Id)];
        _tokens.Add(own.Where(token => !taken.Contains(token.Id)))
            .AddSpecial(Roles.Values.Concat(_special).Where(token => token != neverAdded || source.Model.Ids.ContainsKey(token)));
    }

    public IReadOnlyList<AddedToken> Tokens => _tokens.Tokens;

    /// <summary>Tokens by role.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; }

    /// <summary>All special tokens.</summary>
    public IReadOnlySet<string> Special => _special;

    /// <summary>Tokens that are decoded apart from the others: those that are not special, and those without a role that the model does not have.</summary>
    public IReadOnlySet<string> Apart => Tokens
        .Where(token => !_special.Contains(token.Content) || (token.Id >= _source.Model.Pieces.Count && !Roles.Values.Contains(token.Content)))
        .Select(token => token.Content).ToHashSet(StringComparer.Ordinal);

    /// <summary>The id of the token of a role.</summary>
    /// <exception cref="TokenizerException">No token has the role.</exception>
    public int Id(string role) => Roles.TryGetValue(role, out string? token)
        ? _tokens.Id(token)!.Value
        : throw new TokenizerException($"'{_source.Label}': the tokenizer needs the {role}, but neither the model nor the files beside it name one.");
}
