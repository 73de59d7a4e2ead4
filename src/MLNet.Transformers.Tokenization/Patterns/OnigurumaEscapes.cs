using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>Literals and escapes of Oniguruma outside of classes.</summary>
internal sealed class OnigurumaEscapes(string pattern, PatternSets sets)
{
    private static readonly Dictionary<char, string> _anchors = new()
    {
        ['A'] = @"\A", ['z'] = @"\z", ['Z'] = @"\Z", ['G'] = @"\G", ['R'] = @"(?>\r\n|[\n-\r\u0085\u2028\u2029])", ['N'] = @"[^\n]", ['O'] = @"[\s\S]",
    };

    private static readonly Dictionary<char, char> _characters = new() { ['t'] = '\t', ['n'] = '\n', ['r'] = '\r', ['f'] = '\f', ['v'] = '\v', ['a'] = '\a', ['e'] = '\u001B' };

    /// <summary>Reads what begins with a backslash, and writes it for .NET.</summary>
    public string Read(ref int at, bool ignoreCase)
    {
        char kind = at + 1 < pattern.Length ? pattern[at + 1] : throw new ArgumentException($"the pattern {pattern} ends with a backslash");
        if (_anchors.TryGetValue(kind, out string? known))
        {
            at += 2;
            return known;
        }
        if (OnigurumaProperties.ReadEscape(pattern, ref at, isInClass: false) is { } set)
        {
            return sets.Write(set);
        }
        if (kind is 'b' or 'B' or 'X')
        {
            at += 2;
            return kind == 'X' ? GraphemePattern.Write(sets) : Boundary(kind == 'B');
        }
        if (char.IsAsciiDigit(kind) && kind != '0' && !ignoreCase)
        {
            at += 2;
            return $@"\{kind}";
        }
        return kind is 'K' or 'k' or 'g' or 'y' or 'Y' or (>= '1' and <= '9')
            ? throw new ArgumentException($@"the escape '\{kind}' is not supported{(ignoreCase ? " where case is ignored" : "")}")
            : Literal(EscapedCodePoint(pattern, ref at), ignoreCase);
    }

    /// <summary>A character that is meant as it is written.</summary>
    public string Literal(int codePoint, bool ignoreCase)
    {
        var itself = CodePointSet.Of(codePoint, codePoint);
        CodePointSet set = ignoreCase ? CaseFolding.Close(itself) : itself;
        return codePoint <= char.MaxValue && set.Bounds.SequenceEqual(itself.Bounds) ? SupplementaryUnits.Unit(codePoint) : sets.Write(set);
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

    private string Boundary(bool negated)
    {
        string word = sets.Write(OnigurumaProperties.Word(isInClass: false));
        return negated ? $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))" : $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))";
    }

    private static int Number(string pattern, int start, int length) =>
        start + length <= pattern.Length && int.TryParse(pattern.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && Rune.IsValid(value)
            ? value
            : throw new ArgumentException($"the pattern {pattern} has an escape at {start - 2} without its hexadecimal digits");
}
