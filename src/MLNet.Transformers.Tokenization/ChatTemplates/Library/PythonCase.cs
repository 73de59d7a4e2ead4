using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's upper, lower, title and capitalize: full case mappings, the same in every culture.</summary>
internal static class PythonCase
{
    private const int CapitalSigma = 0x3A3;
    private const int CapitalDottedI = 0x130;

    public static string Upper(string text) => Map(text, (rune, _) => UpperOf(rune));

    public static string Lower(string text) => Map(text, (rune, at) => LowerOf(text, rune, at));

    /// <summary>A capital at the beginning, all else in lower case.</summary>
    public static string Capitalize(string text) => Map(text, (rune, at) => at == 0 ? TitleOf(rune) : LowerOf(text, rune, at));

    /// <summary>A capital wherever a letter follows on something that is none.</summary>
    public static string Title(string text)
    {
        bool within = false;
        return Map(text, (rune, at) =>
        {
            string mapped = within ? LowerOf(text, rune, at) : TitleOf(rune);
            within = IsCased(rune);
            return mapped;
        });
    }

    /// <summary>Letters that have a case.</summary>
    public static bool IsCased(Rune rune) => IsUpper(rune) || IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    public static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter
        || rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189);

    public static bool IsLower(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter
        || rune.Value is 0xAA or 0xBA or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9);

    private static string Map(string text, Func<Rune, int, string> map)
    {
        var mapped = new StringBuilder(text.Length);
        for (int at = 0, length; at < text.Length; at += length)
        {
            Rune rune = Characters.At(text, at, out length);
            bool alone = char.IsSurrogate(text[at]) && length == 1;
            mapped.Append(alone ? text[at].ToString() : map(rune, at));
        }
        return mapped.ToString();
    }

    private static string UpperOf(Rune rune) => SpecialCasing.Upper.GetValueOrDefault(rune.Value) ?? Rune.ToUpperInvariant(rune).ToString();

    // Georgian letters have capitals, but begin no word with them.
    private static string TitleOf(Rune rune) => rune.Value is >= 0x10D0 and <= 0x10FF
        ? rune.ToString()
        : SpecialCasing.Title.GetValueOrDefault(rune.Value) ?? UpperOf(rune);

    private static string LowerOf(string text, Rune rune, int at) => rune.Value switch
    {
        CapitalDottedI => "i\u0307",
        CapitalSigma => EndsWord(text, at) ? "\u03C2" : "\u03C3",
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    // Behind a letter and not before one, whatever marks stand between (Unicode: Final_Sigma).
    private static bool EndsWord(string text, int at) =>
        text[..at].EnumerateRunes().Reverse().FirstOrDefault(rune => !IsIgnored(rune)) is var before && IsCased(before)
        && !IsCased(text[(at + 1)..].EnumerateRunes().FirstOrDefault(rune => !IsIgnored(rune)));

    private static bool IsIgnored(Rune rune) => rune.Value is '\'' or '.' or ':' or '^' or '`' or 0xA8 or 0xAD or 0xB7 or 0x2019 || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
