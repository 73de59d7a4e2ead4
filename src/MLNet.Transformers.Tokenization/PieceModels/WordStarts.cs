namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// Where a text that is one long word can be cut without changing its pieces: before the mark of a word's beginning (<c>▁</c>), in vocabularies in
/// which no piece has the mark behind another character. The short parts are found in the cache, the whole text never would be.
/// </summary>
internal static class WordStarts
{
    private const char Mark = '\u2581';

    /// <summary>Whether cuts change nothing.</summary>
    public static bool AreCuts(Dictionary<string, int> vocabulary, BpeOptions options)
    {
        bool wordsAreWhole = options.WholeWordsFirst || options.ContinuingPrefix.Length > 0 || options.EndSuffix.Length > 0;
        // Without a token for unknown characters those are passed over, and places behind them move.
        return !wordsAreWhole && options.Unknown is not null && vocabulary.ContainsKey($"{Mark}") && !vocabulary.Keys.Any(HasMarkWithin);
    }

    /// <summary>The end of the part that begins at a place.</summary>
    public static int Next(ReadOnlySpan<char> text, int start)
    {
        for (int at = start + 1; at < text.Length; at++)
        {
            int found = text[at..].IndexOf(Mark);
            if (found < 0)
            {
                break;
            }
            at += found;
            if (text[at - 1] != Mark)
            {
                return at;
            }
        }
        return text.Length;
    }

    private static bool HasMarkWithin(string piece)
    {
        int first = piece.AsSpan().IndexOfAnyExcept(Mark);
        return first >= 0 && piece.IndexOf(Mark, first) >= 0;
    }
}
