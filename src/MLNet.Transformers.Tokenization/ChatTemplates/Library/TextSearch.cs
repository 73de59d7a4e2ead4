using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's find, count, startswith and their like; places are counted in code points.</summary>
internal static class TextSearch
{
    /// <summary>Whether the text has one of the affixes at its end that <paramref name="holds"/> looks at.</summary>
    public static bool Affix(string text, Arguments arguments, Func<string, string, bool> holds)
    {
        BoundArguments bound = arguments.Bind("affix", "start?", "end?");
        if (Range(text, bound, arguments.Budget) is not { } range)
        {
            return false;
        }
        return bound[0] is TupleValue tuple
            ? tuple.Items.Any(item => Texts.TryGet(item, out string part) ? holds(range.Text, part) : throw NoText(arguments, item))
            : holds(range.Text, bound.Text(0));
    }

    /// <summary>The place of the part; -1 where it is not there.</summary>
    public static int Find(string text, Arguments arguments, bool last)
    {
        BoundArguments bound = arguments.Bind("sub", "start?", "end?");
        string part = bound.Text(0);
        if (Range(text, bound, arguments.Budget) is not { } range)
        {
            return -1;
        }
        // The last place of an empty text is the end.
        int at = !last ? range.Text.IndexOf(part, StringComparison.Ordinal) : part.Length == 0 ? range.Text.Length : range.Text.LastIndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1 : range.Start + Texts.Length(range.Text[..at]);
    }

    public static object Index(string text, Arguments arguments, bool last) =>
        Find(text, arguments, last) is >= 0 and var at ? Numbers.Of(at) : throw new TemplateError($"{arguments.Callee} did not find the text");

    public static int Count(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("sub", "start?", "end?");
        string part = bound.Text(0);
        return Range(text, bound, arguments.Budget) is not { } range ? 0
            : part.Length == 0 ? Texts.Length(range.Text) + 1
            : range.Text.Split(part).Length - 1;
    }

    // Null: the range begins behind the text, where nothing is found, not even an empty text.
    private static (string Text, int Start)? Range(string text, BoundArguments bound, Budget budget)
    {
        budget.Text(text.Length);
        (int? start, int? end) = (bound.OptionalInt(1), bound.OptionalInt(2));
        if (start is null && end is null)
        {
            return (text, 0);
        }
        int length = Texts.Length(text);
        int from = Math.Max(0, start is < 0 ? start.Value + length : start ?? 0);
        int to = Math.Min(length, Math.Max(0, end is < 0 ? end.Value + length : end ?? length));
        return from > length || from > to ? null : ((string)Sequences.Slice(text, from, to, 1, budget), from);
    }

    private static Exception NoText(Arguments arguments, object? item) => new TemplateError($"{arguments.Callee} was given a {TypeName.Of(item)}; expected texts");
}
