using System.Text.RegularExpressions;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern or, inverted, makes the matches the words.</summary>
internal sealed class RegexPreTokenizer(Regex pattern, Delimiter behavior, bool invert) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        var matches = new List<(int Start, int End)>();
        foreach (ValueMatch match in pattern.EnumerateMatches(text.Span))
        {
            if (match.Length > 0)
            {
                matches.Add((match.Index, match.Index + match.Length));
            }
        }
        DelimiterSplit.Split(text, invert ? Between(matches, text.Length) : matches, behavior, words);
    }

    private static List<(int Start, int End)> Between(List<(int Start, int End)> matches, int length)
    {
        var between = new List<(int, int)>();
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            if (start > done)
            {
                between.Add((done, start));
            }
            done = end;
        }
        if (length > done)
        {
            between.Add((done, length));
        }
        return between;
    }
}
