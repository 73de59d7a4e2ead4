using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>Literals and escapes of Oniguruma outside of classes.</summary>
internal sealed class OnigurumaEscapes(string pattern, bool ignoreCase)
{
    /// <summary>
    /// What Oniguruma matches as <c>[\w]</c>, as the inside of a class of .NET: circled letters too. Of characters beyond U+FFFF
    /// <see cref="Unicode.SearchedText"/> shows those that belong to it as ones of the same kind.
    /// </summary>
    public const string WordInClass = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    /// <summary>What it matches as <c>\w</c> outside of a class: superscripts and fractions of Latin-1 too.</summary>
    public const string Word = WordInClass + @"\u00B2\u00B3\u00B9\u00BC-\u00BE";

    public const string Hexadecimal = "0-9A-Fa-f";

    private const string Boundary = $"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))";
    private const string NoBoundary = $"(?:(?<=[{Word}])(?=[{Word}])|(?<![{Word}])(?![{Word}]))";

    private static readonly Dictionary<char, string> _known = new()
    {
        ['w'] = $"[{Word}]", ['W'] = $"[^{Word}]", ['h'] = $"[{Hexadecimal}]", ['H'] = $"[^{Hexadecimal}]", ['b'] = Boundary, ['B'] = NoBoundary,
        ['d'] = @"\d", ['D'] = @"\D", ['s'] = @"\s", ['S'] = @"\S", ['A'] = @"\A", ['z'] = @"\z", ['Z'] = @"\Z", ['G'] = @"\G",
        ['R'] = @"(?>\r\n|[\n-\r\u0085\u2028\u2029])", ['N'] = @"[^\n]", ['O'] = @"[\s\S]",
    };

    private static readonly Dictionary<char, char> _characters = new() { ['t'] = '\t', ['n'] = '\n', ['r'] = '\r', ['f'] = '\f', ['v'] = '\v', ['a'] = '\a', ['e'] = '\u001B' };

    /// <summary>Reads what begins with a backslash, and writes it for .NET.</summary>
    public string Read(ref int at)
    {
        char kind = at + 1 < pattern.Length ? pattern[at + 1] : throw new ArgumentException($"the pattern {pattern} ends with a backslash");
        if (_known.TryGetValue(kind, out string? known))
        {
            at += 2;
            return known;
        }
        if (kind is 'p' or 'P')
        {
            return OnigurumaProperties.Read(pattern, ref at) is (var items, var negated) && negated ? $"[^{items}]" : $"[{items}]";
        }
        if (char.IsAsciiDigit(kind) && kind != '0')
        {
            at += 2;
            return $@"\{kind}";
        }
        return kind is 'X' or 'K' or 'k' or 'g' or 'y' or 'Y'
            ? throw new ArgumentException($@"the escape '\{kind}' is not supported")
            : Literal(EscapedCodePoint(pattern, ref at), ignoreCase);
    }

    /// <summary>The code point at a place.</summary>
    public static int CodePoint(string pattern, ref int at)
    {
        int codePoint = char.IsSurrogatePair(pattern, at) ? char.ConvertToUtf32(pattern, at) : pattern[at];
        at += codePoint > char.MaxValue ? 2 : 1;
        return codePoint;
    }

    /// <summary>The code point that an escape such as \n, \x{61}, \u0061 or \- stands for.</summary>
    public static int EscapedCodePoint(string pattern, ref int at)
    {
        at++;
        if (at >= pattern.Length)
        {
            throw new ArgumentException($"the pattern {pattern} ends with a backslash");
        }
        char kind = pattern[at];
        if (_characters.TryGetValue(kind, out char character))
        {
            at++;
            return character;
        }
        if (kind == 'x' && at + 1 < pattern.Length && pattern[at + 1] == '{' && pattern.IndexOf('}', at) is var end and > 0)
        {
            int codePoint = Number(pattern, at + 2, end - at - 2);
            at = end + 1;
            return codePoint;
        }
        if (kind is 'x' or 'u')
        {
            int digits = kind == 'x' ? 2 : 4;
            int codePoint = Number(pattern, at + 1, digits);
            at += 1 + digits;
            return codePoint;
        }
        if (kind == '0')
        {
            at++;
            return 0;
        }
        return CodePoint(pattern, ref at);
    }

    /// <summary>A character that is meant as it is written. Where case is ignored, s is also the long s, which .NET does not know.</summary>
    public static string Literal(int codePoint, bool ignoreCase) => ignoreCase && codePoint is 's' or 'S' or 0x17F ? @"[sS\u017F]" : Unit(codePoint);

    /// <summary>A character within or outside of a class.</summary>
    public static string Unit(int codePoint) => codePoint <= char.MaxValue
        ? char.IsAsciiLetterOrDigit((char)codePoint) ? ((char)codePoint).ToString() : string.Create(CultureInfo.InvariantCulture, $@"\u{codePoint:X4}")
        : throw new ArgumentException($"the character {new Rune(codePoint)}, U+{codePoint:X}, is beyond U+FFFF, which is not supported in patterns");

    private static int Number(string pattern, int start, int length) =>
        start + length <= pattern.Length && int.TryParse(pattern.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && Rune.IsValid(value)
            ? value
            : throw new ArgumentException($"the pattern {pattern} has an escape at {start - 2} without its hexadecimal digits");
}
