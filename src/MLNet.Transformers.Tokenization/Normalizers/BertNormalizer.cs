using System.Buffers;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>
/// BERT's clean-up: control characters removed, white space made blanks, Chinese characters set apart, accents stripped, lower case
/// (tokenizers: normalizers/bert.rs; google-research/bert tokenization.py, BasicTokenizer).
/// </summary>
internal sealed class BertNormalizer(bool cleanText, bool chineseCharacters, bool? stripAccents, bool lowercase) : INormalizer
{
    // ASCII that is at most put in lower case.
    private static readonly SearchValues<char> _printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    private static readonly UnicodeNormalizer _decomposition = new(compatible: false, compose: false);
    private static readonly MarkRemover _accents = new(Characters.IsNonspacingMark);

    public bool CleanText => cleanText;

    public bool ChineseCharacters => chineseCharacters;

    public bool? StripAccents => stripAccents;

    public bool Lowercase => lowercase;

    public AlignedText Normalize(AlignedText text)
    {
        if (text.Characters.Span.ContainsAnyExcept(_printable))
        {
            text = cleanText || chineseCharacters ? Clean(text) : text;
            text = stripAccents ?? lowercase ? _accents.Normalize(_decomposition.Normalize(text)) : text;
        }
        return lowercase ? LowercaseNormalizer.Instance.Normalize(text) : text;
    }

    private AlignedText Clean(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        AlignedTextBuilder? builder = null;
        int kept = 0;
        for (int i = NextToCheck(characters, 0), length; i < characters.Length; i = NextToCheck(characters, i + length))
        {
            Rune rune = Characters.At(characters, i, out length);
            bool removed = cleanText && Characters.IsControl(rune);
            bool blank = cleanText && !removed && rune.Value != ' ' && Rune.IsWhiteSpace(rune);
            bool apart = chineseCharacters && Characters.IsChinese(rune);
            if (!removed && !blank && !apart)
            {
                continue;
            }
            builder ??= new AlignedTextBuilder(text);
            builder.Keep(kept, i);
            kept = i + length;
            if (blank)
            {
                builder.Append(" ", i, length);
            }
            else if (apart)
            {
                builder.Append(" ", i, length);
                builder.Keep(i, i + length);
                builder.Append(" ", i, length);
            }
        }
        builder?.Keep(kept, characters.Length);
        return builder?.Build() ?? text;
    }

    private static int NextToCheck(ReadOnlySpan<char> characters, int from)
    {
        int skipped = characters[from..].IndexOfAnyExcept(_printable);
        return skipped < 0 ? characters.Length : from + skipped;
    }
}
