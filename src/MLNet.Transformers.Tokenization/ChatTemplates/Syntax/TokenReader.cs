using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads one token inside a tag.</summary>
internal static partial class TokenReader
{
    private static readonly string[] _longOperators = ["//", "**", "==", "!=", ">=", "<="];

    private const string Operators = "+-*/%~[](){}=<>.:|,;";

    /// <param name="source">Stands at the token.</param>
    /// <param name="brackets">The brackets that are open.</param>
    public static Token Read(Source source, Stack<char> brackets)
    {
        int line = source.Line;
        char first = source.Peek();
        if (char.IsAsciiDigit(first))
        {
            return ReadNumber(source, line);
        }
        if (first is '\'' or '"')
        {
            return new Token(TokenKind.String, StringLiteral.Read(source), line);
        }
        if (IsNamePart(first))
        {
            int length = 1;
            while (IsNamePart(source.Peek(length)))
            {
                length++;
            }
            return new Token(TokenKind.Name, source.Read(length), line);
        }
        string? sign = _longOperators.FirstOrDefault(known => source.StartsWith(known)) ?? (Operators.Contains(first, StringComparison.Ordinal) ? first.ToString() : null);
        if (sign is null)
        {
            throw source.Error($"unexpected character '{first}'");
        }
        Balance(source, sign[0], brackets);
        return new Token(TokenKind.Operator, source.Read(sign.Length), line);
    }

    private static Token ReadNumber(Source source, int line)
    {
        // Behind a dot "1.2" is two items, one behind the other.
        bool behindDot = source.Position > 0 && source.Text[source.Position - 1] == '.';
        Match real = Real().Match(source.Text, source.Position);
        if (real.Success && !behindDot)
        {
            return new Token(TokenKind.Float, source.Read(real.Length).Replace("_", "", StringComparison.Ordinal), line);
        }
        Match whole = Whole().Match(source.Text, source.Position);
        return new Token(TokenKind.Integer, source.Read(whole.Length).Replace("_", "", StringComparison.Ordinal), line);
    }

    private static void Balance(Source source, char sign, Stack<char> brackets)
    {
        switch (sign)
        {
            case '(' or '[' or '{':
                brackets.Push(sign == '(' ? ')' : sign == '[' ? ']' : '}');
                break;
            case ')' or ']' or '}':
                if (!brackets.TryPop(out char expected) || expected != sign)
                {
                    throw source.Error($"unexpected '{sign}'{(expected == '\0' ? "" : $"; expected '{expected}'")}");
                }
                break;
            default:
                break;
        }
    }

    private static bool IsNamePart(char unit) => unit == '_' || char.IsLetterOrDigit(unit) || CharUnicodeInfo.GetUnicodeCategory(unit) == UnicodeCategory.NonSpacingMark;

    [GeneratedRegex(@"\G([0-9]+_)*[0-9]+((\.([0-9]+_)*[0-9]+)?[eE][+-]?([0-9]+_)*[0-9]+|\.([0-9]+_)*[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"\G(0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?[0-9])*|0(_?0)*)", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
