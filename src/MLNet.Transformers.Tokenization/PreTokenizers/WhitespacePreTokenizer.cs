using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>
/// Runs of word characters, and runs of what is neither a word character nor white space: the pattern <c>\w+|[^\w\s]+</c>
/// (tokenizers: pre_tokenizers/whitespace.rs).
/// </summary>
internal sealed class WhitespacePreTokenizer : IPreTokenizer
{
    private enum Kind
    {
        Blank,
        Word,
        Other,
    }

    public void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        int start = 0;
        Kind current = Kind.Blank;
        for (int i = 0, length; i < span.Length; i += length)
        {
            Kind kind = KindOf(Characters.At(span, i, out length));
            if (kind == current)
            {
                continue;
            }
            if (current != Kind.Blank)
            {
                text.AddTo(words, start, i);
            }
            (start, current) = (i, kind);
        }
        if (current != Kind.Blank)
        {
            text.AddTo(words, start, span.Length);
        }
    }

    private static Kind KindOf(Rune rune) => Characters.IsWord(rune) ? Kind.Word : Rune.IsWhiteSpace(rune) ? Kind.Blank : Kind.Other;
}
