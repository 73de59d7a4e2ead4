using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>A text in quotes, with Python's escapes.</summary>
internal static class StringLiteral
{
    private const string Simple = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";

    public static string Read(Source source)
    {
        char quote = source.Peek();
        int end = source.Position + 1;
        while (end < source.Text.Length && source.Text[end] != quote)
        {
            end += source.Text[end] == '\\' ? 2 : 1;
        }
        if (end >= source.Text.Length)
        {
            throw source.Error($"a text has no end {quote}");
        }
        string inside = source.Text[(source.Position + 1)..end];
        string text = inside.Contains('\\', StringComparison.Ordinal) ? Unescape(inside, source) : inside;
        source.ReadTo(end + 1);
        return text;
    }

    private static string Unescape(string text, Source source)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                result.Append(text[at]);
                continue;
            }
            char kind = text[++at];
            int simple = Simple.IndexOf(kind, StringComparison.Ordinal);
            int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0)
            {
                AppendCodePoint(result, Hex(text, at + 1, digits, source), source);
                at += digits;
            }
            else if (simple >= 0 && simple % 2 == 0)
            {
                result.Append(Simple[simple + 1]);
            }
            else if (kind is >= '0' and <= '7')
            {
                int length = text.AsSpan(at, Math.Min(3, text.Length - at)).IndexOfAnyExceptInRange('0', '7');
                length = length < 0 ? Math.Min(3, text.Length - at) : length;
                AppendCodePoint(result, Convert.ToUInt32(text.Substring(at, length), 8), source);
                at += length - 1;
            }
            else if (kind == 'N')
            {
                throw source.Error("the escape '\\N' is not supported; write the character itself");
            }
            else if (kind != '\n')
            {
                // What is no escape stays as it is; a line end behind a backslash goes.
                result.Append('\\').Append(kind);
            }
        }
        return result.ToString();
    }

    private static uint Hex(string text, int at, int digits, Source source) =>
        at + digits <= text.Length && uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw source.Error($"the escape '\\{text[at - 1]}' is not followed by {digits} hexadecimal digits");

    private static void AppendCodePoint(StringBuilder result, uint codePoint, Source source)
    {
        if (codePoint > 0x10FFFF)
        {
            throw source.Error($"the escape for the code point {codePoint:X} is above 10FFFF");
        }
        _ = codePoint > 0xFFFF ? result.Append(char.ConvertFromUtf32((int)codePoint)) : result.Append((char)codePoint);
    }
}
