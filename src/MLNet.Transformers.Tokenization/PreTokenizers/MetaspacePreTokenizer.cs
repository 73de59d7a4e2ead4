using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.Patterns;

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
    private readonly ReplaceNormalizer _blanks = new(new LiteralPattern(" "), mark);
    private readonly PrependNormalizer _front = new(mark);
    private readonly PatternPreTokenizer _words = new(new LiteralPattern(mark), Delimiter.MergedWithNext, invert: false);

    public void Split(TextSlice text, List<TextSlice> words)
    {
        AlignedText marked = text.Alone();
        marked = marked.Characters.Span.Contains(' ') ? _blanks.Normalize(marked) : marked;
        bool prepended = scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.Length > 0 && text.Text.OriginalStart(text.Start) == 0);
        if (prepended && !marked.Characters.Span.StartsWith(mark))
        {
            marked = _front.Normalize(marked);
        }
        if (split)
        {
            _words.Split(marked.Whole, words);
        }
        else
        {
            words.Add(marked.Whole);
        }
    }
}
