namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Joins pieces that continue a word, and sets the others apart (tokenizers: decoders/wordpiece.rs).</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : IDecoder
{
    private static readonly (string From, string To)[] _englishRules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Decode)];

    private string Decode(string token, int index)
    {
        if (index > 0)
        {
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        }
        return cleanUp ? _englishRules.Aggregate(token, (text, rule) => text.Replace(rule.From, rule.To, StringComparison.Ordinal)) : token;
    }
}

/// <summary>What <c>clean_up_tokenization_spaces</c> does to a decoded text (reference: PreTrainedTokenizerBase.clean_up_tokenization).</summary>
internal static class SpaceCleanUp
{
    private static readonly (string From, string To)[] _rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Apply(string text) => _rules.Aggregate(text, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal));
}
