using System.Text;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Texts as Python has them: sequences of code points.</summary>
internal static class Texts
{
    public static bool TryGet(object? value, out string text)
    {
        text = value switch { string plain => plain, SafeText safe => safe.Text, _ => "" };
        return value is string or SafeText;
    }

    public static int Length(string text)
    {
        int pairs = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))
            {
                pairs++;
                i++;
            }
        }
        return text.Length - pairs;
    }

    /// <summary>The code points as texts of their own; a lone surrogate is one.</summary>
    public static IReadOnlyList<string> Characters(string text)
    {
        var characters = new List<string>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            characters.Add(text.Substring(i, length));
            i += length;
        }
        return characters;
    }

    /// <summary>The order of code points, which is not that of UTF-16 units above U+D800.</summary>
    public static int Compare(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }
        return Rank(left[common]).CompareTo(Rank(right[common]));
    }

    /// <summary>Python's str.isspace, of one character.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    /// <summary>Whether a unit begins or ends a line for Python's str.splitlines.</summary>
    public static bool IsLineEnd(char character) =>
        character is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';

    public static string Concat(IEnumerable<string> parts, Budget budget)
    {
        var text = new StringBuilder();
        foreach (string part in parts)
        {
            budget.Step();
            text.Append(part);
            budget.Text(part.Length);
            if (text.Length > Budget.MaxCharacters)
            {
                budget.Text(text.Length);
            }
        }
        return text.ToString();
    }

    // Surrogates stand for code points above all others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
