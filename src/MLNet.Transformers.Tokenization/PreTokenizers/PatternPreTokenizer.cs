using MLNet.Transformers.Tokenization.Patterns;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts at the matches of a pattern or, inverted, at what lies between them (tokenizers: pre_tokenizers/split.rs).</summary>
internal sealed class PatternPreTokenizer(ITextPattern pattern, Delimiter behavior, bool invert) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        List<(int Start, int End)> matches = pattern.Find(text.Span);
        if (behavior == Delimiter.Isolated)
        {
            Isolate(text, matches, words);
            return;
        }
        var segments = new List<Segment>();
        int start = 0;
        foreach ((int from, int to) in matches)
        {
            if (from > start)
            {
                segments.Add(new Segment(start, from, IsDelimiter: invert));
            }
            // An empty match is a segment too: what lies around it is not one word.
            segments.Add(new Segment(from, to, IsDelimiter: !invert));
            start = to;
        }
        if (text.Length > start)
        {
            segments.Add(new Segment(start, text.Length, IsDelimiter: invert));
        }
        DelimiterSplit.Split(text, segments, behavior, words);
    }

    // Matches and what lies between them are words alike.
    private static void Isolate(TextSlice text, List<(int Start, int End)> matches, List<TextSlice> words)
    {
        int start = 0;
        foreach ((int from, int to) in matches)
        {
            text.AddTo(words, start, from);
            text.AddTo(words, from, to);
            start = to;
        }
        text.AddTo(words, start, text.Length);
    }
}
