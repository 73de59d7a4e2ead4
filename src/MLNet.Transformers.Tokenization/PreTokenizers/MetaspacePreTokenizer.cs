using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Which texts get a mark in front.</summary>
internal enum PrependScheme
{
    /// <summary>The one that begins the original text.</summary>
    First,

    /// <summary>None.</summary>
    Never,

    /// <summary>All, also those behind an added token.</summary>
    Always,
}

/// <summary>Writes blanks as marks of words' beginnings, and cuts before each (tokenizers: pre_tokenizers/metaspace.rs).</summary>
internal sealed class MetaspacePreTokenizer(string mark, PrependScheme scheme, bool split) : IPreTokenizer
{
    public IPreTokenizer? WithoutCuts => new MetaspacePreTokenizer(mark, scheme, split: false);

    public void Split(TextSlice text, List<TextSlice> words) => Split([text], words);

    // Those of one text share one new text.
    public void Split(List<TextSlice> texts, List<TextSlice> words)
    {
        for (int start = 0, end; start < texts.Count; start = end)
        {
            end = texts.EndOfText(start);
            var marked = new AlignedTextBuilder(texts[start].Text);
            var ends = new int[end - start];
            for (int i = start; i < end; i++)
            {
                Write(texts[i], marked);
                ends[i - start] = marked.Length;
            }
            Cut(marked.Build(), ends, words);
        }
    }

    private void Write(TextSlice text, AlignedTextBuilder marked)
    {
        ReadOnlySpan<char> span = text.Span;
        if (span.Length > 0 && IsPrepended(text) && span[0] != ' ' && !span.StartsWith(mark))
        {
            _ = Characters.At(span, 0, out int first);
            marked.Append(mark, text.Start, first);
        }
        int done = 0;
        for (int blank = span.IndexOf(' '); blank >= 0; blank = NextIndex(span, done, " "))
        {
            marked.Keep(text.Start + done, text.Start + blank);
            marked.Append(mark, text.Start + blank, 1);
            done = blank + 1;
        }
        marked.Keep(text.Start + done, text.Start + span.Length);
    }

    private bool IsPrepended(TextSlice text) =>
        scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.Text.OriginalStart(text.Start) == 0);

    private void Cut(AlignedText marked, int[] ends, List<TextSlice> words)
    {
        ReadOnlySpan<char> characters = marked.Characters.Span;
        int start = 0;
        foreach (int end in ends)
        {
            for (int next = end; start < end; start = next)
            {
                int found = split ? NextIndex(characters[..end], start + 1, mark) : -1;
                next = found < 0 ? end : found;
                words.Add(new TextSlice(marked, start, next - start));
            }
        }
    }

    private static int NextIndex(ReadOnlySpan<char> text, int from, ReadOnlySpan<char> sought)
    {
        int found = from < text.Length ? text[from..].IndexOf(sought) : -1;
        return found < 0 ? -1 : from + found;
    }
}
