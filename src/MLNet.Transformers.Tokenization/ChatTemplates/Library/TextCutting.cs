using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's strip, split, splitlines and replace.</summary>
internal static class TextCutting
{
    /// <param name="text">The text.</param>
    /// <param name="characters">What is taken off, in any order; null: white space.</param>
    /// <param name="ends">Where.</param>
    public static string Strip(string text, string? characters, Ends ends)
    {
        if (characters is not null && characters.Any(char.IsSurrogate))
        {
            return StripCodePoints(text, characters, ends);
        }
        (int start, int end) = (0, text.Length);
        while (ends.HasFlag(Ends.Left) && start < end && Goes(text[start]))
        {
            start++;
        }
        while (ends.HasFlag(Ends.Right) && end > start && Goes(text[end - 1]))
        {
            end--;
        }
        return text[start..end];

        bool Goes(char unit) => characters is null ? Texts.IsSpace(unit) : characters.Contains(unit, StringComparison.Ordinal);
    }

    public static IReadOnlyList<object?> Split(string text, string? separator, int most, bool fromRight)
    {
        if (separator is not null)
        {
            RequireSeparator(separator);
        }
        var parts = new List<object?>();
        if (fromRight)
        {
            // The same from the other end, each part turned round again.
            parts.AddRange(SplitForward(Reverse(text), separator is null ? null : Reverse(separator), most).Select(part => Reverse((string)part!)));
            parts.Reverse();
            return parts;
        }
        return SplitForward(text, separator, most);
    }

    public static void RequireSeparator(string separator)
    {
        if (separator.Length == 0)
        {
            throw new TemplateError("a text was to be split at an empty text");
        }
    }

    public static IReadOnlyList<object?> Lines(string text, bool keepEnds)
    {
        var lines = new List<object?>();
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && !Texts.IsLineEnd(text[end]))
            {
                end++;
            }
            int next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }
        return lines;
    }

    /// <param name="text">The text.</param>
    /// <param name="old">What is looked for; an empty one stands between all characters.</param>
    /// <param name="replacement">What takes its place.</param>
    /// <param name="most">How often; negative: wherever it stands.</param>
    /// <param name="budget">The result is counted here.</param>
    public static string Replace(string text, string old, string replacement, int most, Budget budget)
    {
        string[] parts = old.Length == 0 ? ["", .. Texts.Characters(text), ""] : text.Split(old);
        if (most >= 0 && parts.Length - 1 > most)
        {
            parts = [.. parts[..most], string.Join(old, parts[most..])];
        }
        budget.Text(text.Length + ((long)(parts.Length - 1) * Math.Max(0, replacement.Length - old.Length)));
        return string.Join(replacement, parts);
    }

    private static List<object?> SplitForward(string text, string? separator, int most)
    {
        var parts = new List<object?>();
        int start = separator is null ? SkipSpace(text, 0) : 0;
        while (most < 0 || parts.Count < most)
        {
            int end = separator is null ? NextSpace(text, start) : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }
            parts.Add(text[start..end]);
            start = separator is null ? SkipSpace(text, end) : end + separator.Length;
        }
        string rest = text[start..];
        if (separator is not null || rest.Length > 0)
        {
            parts.Add(rest);
        }
        return parts;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && Texts.IsSpace(text[at]))
        {
            at++;
        }
        return at;
    }

    private static int NextSpace(string text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (Texts.IsSpace(text[at]))
            {
                return at;
            }
        }
        return -1;
    }

    private static string Reverse(string text) => string.Concat(Texts.Characters(text).Reverse());

    private static string StripCodePoints(string text, string characters, Ends ends)
    {
        HashSet<string> set = [.. Texts.Characters(characters)];
        IReadOnlyList<string> all = Texts.Characters(text);
        int start = ends.HasFlag(Ends.Left) ? all.TakeWhile(set.Contains).Count() : 0;
        int end = ends.HasFlag(Ends.Right) ? all.Skip(start).Reverse().TakeWhile(set.Contains).Count() : 0;
        return string.Concat(all.Skip(start).SkipLast(end));
    }
}
