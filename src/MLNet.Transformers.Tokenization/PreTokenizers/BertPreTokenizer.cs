using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>Cuts at white space, which goes, and makes each punctuation mark a word (tokenizers: pre_tokenizers/bert.rs).</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    public void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        int start = 0;
        for (int i = 0, length = 1; i < span.Length; i += length)
        {
            length = 1;
            if (char.IsAsciiLetterOrDigit(span[i]))
            {
                continue;
            }
            Rune rune = Characters.At(span, i, out length);
            bool punctuation = Characters.IsPunctuation(rune);
            if (punctuation || Rune.IsWhiteSpace(rune))
            {
                text.AddTo(words, start, i);
                start = i + length;
            }
            if (punctuation)
            {
                text.AddTo(words, i, start);
            }
        }
        text.AddTo(words, start, span.Length);
    }
}
