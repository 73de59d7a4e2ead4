namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Joins pieces that continue a word, and sets the others apart (tokenizers: decoders/wordpiece.rs).</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : EachTokenDecoder((token, isFirst) =>
{
    string text = isFirst ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
    return cleanUp ? _englishRules.Aggregate(text, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal)) : text;
})
{
    private static readonly (string From, string To)[] _englishRules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];
}

/// <summary>What <c>clean_up_tokenization_spaces</c> does to a decoded text (reference: PreTrainedTokenizerBase.clean_up_tokenization).</summary>
internal static class SpaceCleanUp
{
    private static readonly (string From, string To)[] _rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>A decoder and the rules behind it, which see the text as one.</summary>
    public static TokenDecoder Behind(TokenDecoder decoder) =>
        new SequenceDecoder([decoder, new FuseDecoder(), .. _rules.Select(rule => new ReplaceTextDecoder(rule.From, rule.To))]);
}
