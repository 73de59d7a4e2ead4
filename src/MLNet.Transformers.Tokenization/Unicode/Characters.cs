using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>Classes of characters as the reference sees them (tokenizers: normalizers/bert.rs, pre_tokenizers/bert.rs, normalizers/strip.rs).</summary>
internal static class Characters
{
    private const int Control = 1;
    private const int Punctuation = 2;
    private const int NonspacingMark = 4;
    private const int CombiningMark = 8;

    private static readonly CodePointTable _classes = ReadClasses();

    /// <summary>What BERT's clean-up removes: control, format and private use characters, but not tab and line ends, which are white space.</summary>
    public static bool IsControl(Rune rune) => (_classes[rune.Value] & Control) != 0;

    /// <summary>Punctuation of Unicode, and ASCII's symbols.</summary>
    public static bool IsPunctuation(Rune rune) => (_classes[rune.Value] & Punctuation) != 0;

    /// <summary>Marks that stand above or below the character before them.</summary>
    public static bool IsNonspacingMark(Rune rune) => (_classes[rune.Value] & NonspacingMark) != 0;

    /// <summary>Marks of any kind.</summary>
    public static bool IsCombiningMark(Rune rune) => (_classes[rune.Value] & CombiningMark) != 0;

    /// <summary>
    /// The blocks of Chinese characters that BERT sets apart with blanks. The third block ends, and the fourth begins, where the reference's do:
    /// between them lie 256 characters that google-research/bert sets apart too, and the reference does not.
    /// </summary>
    public static bool IsChinese(Rune rune) => rune.Value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>What regular expressions match as <c>\w</c> (UTS #18, annex C).</summary>
    public static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
        or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>The rune at an index; a lone surrogate is U+FFFD of one unit.</summary>
    public static Rune At(ReadOnlySpan<char> text, int index, out int length)
    {
        char unit = text[index];
        if (!char.IsSurrogate(unit))
        {
            length = 1;
            return new Rune(unit);
        }
        Rune.DecodeFromUtf16(text[index..], out Rune rune, out length);
        return rune;
    }

    private static CodePointTable ReadClasses()
    {
        var classes = new CodePointTable();
        foreach ((string section, int bit) in ((string, int)[])
            [("control", Control), ("punctuation", Punctuation), ("nonspacing", NonspacingMark), ("combining", CombiningMark)])
        {
            foreach (int codePoint in UnicodeFile.Data.Section(section).SelectMany(UnicodeFile.Range))
            {
                classes.Add(codePoint, bit);
            }
        }
        return classes;
    }
}
