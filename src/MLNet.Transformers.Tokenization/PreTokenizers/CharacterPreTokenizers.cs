using System.Text;
using MLNet.Transformers.Tokenization.Normalizers;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>What becomes of a character that separates words (tokenizers: SplitDelimiterBehavior).</summary>
internal enum Delimiter
{
    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It is a word.</summary>
    Isolated,

    /// <summary>It ends the word before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the word after it.</summary>
    MergedWithNext,

    /// <summary>A run of them is a word.</summary>
    Contiguous,
}

/// <summary>Cuts at white space, which goes, and makes each punctuation mark a word (tokenizers: pre_tokenizers/bert.rs).</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        int start = 0;
        for (int i = 0, length; i < span.Length; i += length)
        {
            char first = span[i];
            bool punctuation;
            bool blank;
            if (char.IsAscii(first))
            {
                length = 1;
                if (char.IsAsciiLetterOrDigit(first))
                {
                    continue;
                }
                blank = char.IsWhiteSpace(first);
                punctuation = !blank && char.IsBetween(first, '!', '~');
            }
            else
            {
                Rune rune = Characters.At(span, i, out length);
                blank = Rune.IsWhiteSpace(rune);
                punctuation = Characters.IsUnicodePunctuation(rune);
            }
            if (blank || punctuation)
            {
                Add(text, start, i, words);
                start = i + length;
            }
            if (punctuation)
            {
                words.Add(text.Slice(i, length));
            }
        }
        Add(text, start, span.Length, words);
    }

    private static void Add(TextSlice text, int start, int end, List<TextSlice> words)
    {
        if (end > start)
        {
            words.Add(text.Slice(start, end - start));
        }
    }
}

/// <summary>Cuts at characters of a kind.</summary>
internal sealed class DelimiterPreTokenizer(Func<Rune, bool> isDelimiter, Delimiter behavior) : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words) => DelimiterSplit.Split(text, Matches(text), behavior, words);

    private List<(int Start, int End)> Matches(TextSlice text)
    {
        ReadOnlySpan<char> span = text.Span;
        var matches = new List<(int, int)>();
        for (int i = 0, length; i < span.Length; i += length)
        {
            if (isDelimiter(Characters.At(span, i, out length)))
            {
                matches.Add((i, i + length));
            }
        }
        return matches;
    }
}

/// <summary>Makes words of what lies between delimiters, and of the delimiters as the behavior says.</summary>
internal static class DelimiterSplit
{
    public static void Split(TextSlice text, List<(int Start, int End)> delimiters, Delimiter behavior, List<TextSlice> words)
    {
        int start = 0;
        int done = 0;
        for (int i = 0; i < delimiters.Count; i++)
        {
            (int from, int to) = delimiters[i];
            switch (behavior)
            {
                case Delimiter.Removed:
                    Add(start, from);
                    start = to;
                    break;
                case Delimiter.Isolated:
                    Add(start, from);
                    Add(from, to);
                    start = to;
                    break;
                case Delimiter.MergedWithPrevious:
                    Add(start, to);
                    start = to;
                    break;
                case Delimiter.MergedWithNext:
                    Add(start, from);
                    start = from;
                    break;
                default:
                    if (from != done || i == 0)
                    {
                        Add(start, from);
                        start = from;
                    }
                    if (i == delimiters.Count - 1 || delimiters[i + 1].Start != to)
                    {
                        Add(start, to);
                        start = to;
                    }
                    break;
            }
            done = to;
        }
        Add(start, text.Length);

        void Add(int from, int to)
        {
            if (to > from)
            {
                words.Add(text.Slice(from, to - from));
            }
        }
    }
}
