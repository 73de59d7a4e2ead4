using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>
/// A text as a regular expression of .NET has to see it. .NET matches UTF-16 units, of which a character beyond U+FFFF has two that are neither
/// letter nor number; here one unit of the same category stands for it.
/// </summary>
internal readonly ref struct SearchedText
{
    private readonly int[]? _original;

    public SearchedText(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Characters = text;
            return;
        }
        var characters = new char[text.Length];
        _original = new int[text.Length + 1];
        int count = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune rune = Unicode.Characters.At(text, i, out length);
            _original[count] = i;
            characters[count++] = rune.IsBmp ? (char)rune.Value : StandIn(rune);
        }
        _original[count] = text.Length;
        Characters = characters.AsSpan(0, count);
    }

    /// <summary>What to search.</summary>
    public ReadOnlySpan<char> Characters { get; }

    /// <summary>The unit of the text that a unit of <see cref="Characters"/> stands for.</summary>
    public int Original(int index) => _original is null ? index : _original[index];

    private static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u10A0',
        UnicodeCategory.LowercaseLetter => '\u2D00',
        UnicodeCategory.ModifierLetter => '\uA4F8',
        UnicodeCategory.OtherLetter => rune.Value is >= 0x20000 and <= 0x3FFFF ? '\u3400' : '\uA000',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '\u1810',
        UnicodeCategory.LetterNumber => '\u3021',
        UnicodeCategory.OtherNumber => '\u2460',
        UnicodeCategory.MathSymbol => '\u2200',
        UnicodeCategory.CurrencySymbol => '\u20A0',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => Unicode.Characters.IsWord(rune) ? '\u24B6' : '\u2600',
        UnicodeCategory.OtherPunctuation => '\u1360',
        UnicodeCategory.DashPunctuation => '\u1806',
        UnicodeCategory.Format => '\u2060',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\uFFFE',
    };
}
