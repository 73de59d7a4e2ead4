using System.Globalization;
using System.Text;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's repr() of a text: quotes, and escapes for what cannot be printed.</summary>
internal static class PythonQuotes
{
    public static void Write(StringBuilder text, string value)
    {
        char quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        for (int i = 0; i < value.Length; i++)
        {
            char unit = value[i];
            bool pair = char.IsHighSurrogate(unit) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]);
            int codePoint = pair ? char.ConvertToUtf32(unit, value[i + 1]) : unit;
            if (unit == quote || unit == '\\')
            {
                text.Append('\\').Append(unit);
            }
            else if (unit is '\n' or '\r' or '\t')
            {
                text.Append('\\').Append(unit == '\n' ? 'n' : unit == '\r' ? 'r' : 't');
            }
            else if (IsPrintable(codePoint))
            {
                text.Append(value, i, pair ? 2 : 1);
            }
            else
            {
                text.Append('\\').Append(codePoint > 0xFFFF ? $"U{codePoint:x8}" : codePoint > 0xFF ? $"u{codePoint:x4}" : $"x{codePoint:x2}");
            }
            i += pair ? 1 : 0;
        }
        text.Append(quote);
    }

    private static bool IsPrintable(int codePoint) => codePoint == ' ' || CharUnicodeInfo.GetUnicodeCategory(codePoint)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
