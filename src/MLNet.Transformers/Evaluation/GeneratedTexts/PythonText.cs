using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Evaluation;

/// <summary>Texts as the reference scorers see them, which are written in Python: characters are code points, and a few more are white space.</summary>
internal static class PythonText
{
    /// <summary>str.lower: like the invariant culture, but for two letters that become more than one, or one of two.</summary>
    public static string Lower(string text) => string.Concat(text.ToLowerInvariant().Select((lower, at) => text[at] switch
    {
        '\u0130' => "i\u0307",
        '\u03A3' => EndsWord(text, at) ? "\u03C2" : "\u03C3",
        _ => lower.ToString(),
    }));

    /// <summary>What stands between white space: str.split.</summary>
    public static string[] Words(string text)
    {
        var words = new List<string>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            for (end = start; end < text.Length && !IsSpace(text[end]); end++)
            {
            }
            if (end > start)
            {
                words.Add(text[start..end]);
            }
        }
        return [.. words];
    }

    /// <summary>The text's code points; a surrogate without its other half is one.</summary>
    public static IEnumerable<string> Characters(string text)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
            yield return text.Substring(at, length);
        }
    }

    /// <summary>The text without white space at its end: str.rstrip.</summary>
    public static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }
        return text[..end];
    }

    /// <summary>Whether a character is one of string.punctuation: ASCII's punctuation and symbols.</summary>
    public static bool IsPunctuation(char character) => char.IsAscii(character) && (char.IsPunctuation(character) || char.IsSymbol(character));

    private static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    // Sigma is written otherwise at the end of a word: behind a letter and not before one (Unicode's Final_Sigma).
    private static bool EndsWord(string text, int at) =>
        IsCased(text[..at].EnumerateRunes().Reverse()) && !IsCased(text[(at + 1)..].EnumerateRunes());

    private static bool IsCased(IEnumerable<Rune> runes) => Rune.GetUnicodeCategory(runes.FirstOrDefault(rune => !IsPassedOver(rune)))
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsPassedOver(Rune rune) => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2019 || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
