using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>
/// The words of GPT-2: the matches of <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, which cover any text
/// (openai/gpt-2 encoder.py; tokenizers: pre_tokenizers/byte_level.rs). Written out by hand: this is where byte-level tokenizers spend their time.
/// </summary>
internal static class Gpt2Words
{
    private static readonly Kind[] _kinds = MakeKinds();

    private enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Blank,
    }

    public static void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        for (int start = 0; start < span.Length;)
        {
            int end = EndOfWord(span, start);
            text.AddTo(words, start, end);
            start = end;
        }
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text[(start + 1)..]) is var length and > 0)
        {
            return start + 1 + length;
        }
        Kind kind = KindAt(text, start, out int units);
        int at = start + units;
        if (text[start] == ' ' && at < text.Length && KindAt(text, at, out units) is var next and not Kind.Blank)
        {
            (kind, at) = (next, at + units);
        }
        int end = EndOfRun(text, at, kind);
        // Of white space before a word the last stays: a blank goes with the word.
        return kind == Kind.Blank && end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int Contraction(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static int EndOfRun(ReadOnlySpan<char> text, int at, Kind kind)
    {
        while (at < text.Length && KindAt(text, at, out int units) == kind)
        {
            at += units;
        }
        return at;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int units)
    {
        char unit = text[at];
        units = 1;
        return char.IsSurrogate(unit) ? KindOf(Characters.At(text, at, out units)) : _kinds[unit];
    }

    private static Kind KindOf(Rune rune) => Rune.IsWhiteSpace(rune) ? Kind.Blank : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Kind.Other,
    };

    private static Kind[] MakeKinds()
    {
        var kinds = new Kind[char.MaxValue + 1];
        for (int unit = 0; unit < kinds.Length; unit++)
        {
            kinds[unit] = char.IsSurrogate((char)unit) ? Kind.Other : KindOf(new Rune((char)unit));
        }
        return kinds;
    }
}
