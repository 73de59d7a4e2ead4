using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>What byte-level tokenizers cut between.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Neither of the others.</summary>
    Other,

    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>.</summary>
    Number,

    /// <summary><c>\s</c>.</summary>
    Blank,
}

/// <summary>The kinds of characters, by the Unicode version of the reference's regular expressions, which is the runtime's (16).</summary>
internal static class CharacterKinds
{
    private static readonly CharacterKind[] _kinds = MakeKinds();

    /// <summary>The kind of the character at a unit.</summary>
    public static CharacterKind At(ReadOnlySpan<char> text, int at, out int units)
    {
        char unit = text[at];
        units = 1;
        return char.IsSurrogate(unit) ? Of(Characters.At(text, at, out units)) : _kinds[unit];
    }

    /// <summary>The unit behind the characters of a kind from a unit on.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int at, CharacterKind kind)
    {
        while (at < text.Length && At(text, at, out int units) == kind)
        {
            at += units;
        }
        return at;
    }

    private static CharacterKind Of(Rune rune) => Rune.IsWhiteSpace(rune) ? CharacterKind.Blank : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => CharacterKind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
        _ => CharacterKind.Other,
    };

    private static CharacterKind[] MakeKinds()
    {
        var kinds = new CharacterKind[char.MaxValue + 1];
        for (int unit = 0; unit < kinds.Length; unit++)
        {
            kinds[unit] = char.IsSurrogate((char)unit) ? CharacterKind.Other : Of(new Rune((char)unit));
        }
        return kinds;
    }
}
