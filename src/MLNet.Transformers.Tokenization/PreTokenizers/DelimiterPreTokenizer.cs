using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts at characters of a kind.</summary>
internal sealed class DelimiterPreTokenizer(Func<Rune, bool> isDelimiter, Delimiter behavior) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        var segments = new List<Segment>();
        int start = 0;
        for (int i = 0, length; i < span.Length; i += length)
        {
            if (!isDelimiter(Characters.At(span, i, out length)))
            {
                continue;
            }
            if (i > start)
            {
                segments.Add(new Segment(start, i, IsDelimiter: false));
            }
            start = i + length;
            segments.Add(new Segment(i, start, IsDelimiter: true));
        }
        if (span.Length > start)
        {
            segments.Add(new Segment(start, span.Length, IsDelimiter: false));
        }
        DelimiterSplit.Split(text, segments, behavior, words);
    }
}
