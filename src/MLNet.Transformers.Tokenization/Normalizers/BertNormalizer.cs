using System.Buffers;
using System.Text;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>
/// BERT's clean-up: control characters removed, white space made blanks, Chinese characters set apart, accents stripped, lower case
/// (tokenizers: normalizers/bert.rs; google-research/bert tokenization.py, BasicTokenizer).
/// </summary>
internal sealed class BertNormalizer(bool cleanText, bool chineseCharacters, bool? stripAccents, bool lowercase) : INormalizer
{
    // What ASCII has that is neither kept as it is nor only put in lower case.
    private static readonly SearchValues<char> _printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public bool CleanText => cleanText;

    public bool ChineseCharacters => chineseCharacters;

    public bool? StripAccents => stripAccents;

    public bool Lowercase => lowercase;

    public AlignedText Normalize(AlignedText text)
    {
        if (!text.Characters.Span.ContainsAnyExcept(_printable))
        {
            return NormalizeAscii(text);
        }
        if (cleanText || chineseCharacters)
        {
            text = Clean(text);
        }
        if (stripAccents ?? lowercase)
        {
            text = new StripAccentsNormalizer(decompose: true).Normalize(text);
        }
        return lowercase ? LowercaseNormalizer.Instance.Normalize(text) : text;
    }

    // Printable ASCII changes its case at most, and keeps its places.
    private AlignedText NormalizeAscii(AlignedText text)
    {
        if (!lowercase || !text.Characters.Span.ContainsAnyInRange('A', 'Z'))
        {
            return text;
        }
        var lower = new char[text.Length];
        text.Characters.Span.ToLowerInvariant(lower);
        return text with { Characters = lower };
    }

    private AlignedText Clean(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        for (int i = 0, length; i < characters.Length; i += length)
        {
            Rune rune = Characters.At(characters, i, out length);
            if (cleanText && (rune.Value is 0 or 0xFFFD || Characters.IsControl(rune)))
            {
                continue;
            }
            if (cleanText && Rune.IsWhiteSpace(rune))
            {
                builder.Append(' ', i, length);
            }
            else if (chineseCharacters && Characters.IsChinese(rune.Value))
            {
                builder.Append(' ', i, length);
                builder.Append(characters.Slice(i, length), i, length);
                builder.Append(' ', i, length);
            }
            else
            {
                builder.Append(characters.Slice(i, length), i, length);
            }
        }
        return builder.Build();
    }
}
