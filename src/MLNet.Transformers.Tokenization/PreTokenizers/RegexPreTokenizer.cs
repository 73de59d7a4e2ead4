using System.Text.RegularExpressions;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern or, inverted, at what lies between them (tokenizers: pre_tokenizers/split.rs).</summary>
internal sealed class RegexPreTokenizer(Regex pattern, Delimiter behavior, bool invert) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        var segments = new List<Segment>();
        int start = 0;
        var searched = new SearchedText(text.Span);
        foreach (ValueMatch match in pattern.EnumerateMatches(searched.Characters))
        {
            if (match.Length == 0)
            {
                continue;
            }
            (int from, int to) = (searched.Original(match.Index), searched.Original(match.Index + match.Length));
            if (from > start)
            {
                segments.Add(new Segment(start, from, IsDelimiter: invert));
            }
            segments.Add(new Segment(from, to, IsDelimiter: !invert));
            start = to;
        }
        if (text.Length > start)
        {
            segments.Add(new Segment(start, text.Length, IsDelimiter: invert));
        }
        DelimiterSplit.Split(text, segments, behavior, words);
    }
}
