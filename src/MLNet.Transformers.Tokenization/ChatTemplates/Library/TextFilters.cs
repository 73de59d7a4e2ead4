using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Filters over texts; other values count as what str() makes of them.</summary>
internal static class TextFilters
{
    private static readonly char[] _wordBeginnings = ['-', '(', '{', '[', '<'];

    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["upper"] = (value, arguments) => Plain(value, arguments, PythonCase.Upper),
        ["lower"] = (value, arguments) => Plain(value, arguments, PythonCase.Lower),
        ["capitalize"] = (value, arguments) => Plain(value, arguments, PythonCase.Capitalize),
        ["title"] = (value, arguments) => PythonText.Str(Plain(value, arguments, Title)),
        ["trim"] = (value, arguments) => Keep(value, TextCutting.Strip(PythonText.Str(value), arguments.Bind("chars?").OptionalText(0), Ends.Both)),
        ["string"] = (value, arguments) => Plain(value, arguments, text => text),
        ["safe"] = (value, arguments) => new SafeText((string)PythonText.Str(Plain(value, arguments, text => text))),
        ["escape"] = Escape,
        ["e"] = Escape,
        ["center"] = (value, arguments) =>
            Keep(value, TextPadding.Pad(PythonText.Str(value), arguments.Bind("width?").Int(0, 80), " ", Ends.Both, arguments.Budget)),
        ["replace"] = (value, arguments) =>
        {
            BoundArguments bound = arguments.Bind("old", "new", "count?");
            return TextCutting.Replace(
                PythonText.Str(value), PythonText.Str(bound[0]), PythonText.Str(bound[1]), bound.OptionalInt(2) ?? -1, arguments.Budget);
        },
        ["indent"] = Indent,
        ["truncate"] = Truncate,
        ["format"] = (value, arguments) => PercentFormat.Apply(
            PythonText.Str(value), arguments.Named.Count == 0
                ? arguments.Positional
                : throw new TemplateError("the filter 'format' is supported without named arguments only"), arguments.Budget),
    };

    private static object Plain(object? value, Arguments arguments, Func<string, string> map)
    {
        arguments.Bind();
        return Keep(value, arguments.Budget.Text(map(PythonText.Str(value))));
    }

    // What was marked as safe stays so.
    private static object Keep(object? value, string text) => value is SafeText ? new SafeText(text) : text;

    private static object? Escape(object? value, Arguments arguments)
    {
        arguments.Bind();
        return new SafeText(arguments.Budget.Text(Html.Escape(value)));
    }

    // A capital behind white space, hyphens and opening brackets.
    private static string Title(string text)
    {
        int start = 0;
        return string.Concat(Pieces().Select(piece => piece.Length == 0 ? "" : PythonCase.Upper(First(piece)) + PythonCase.Lower(piece[First(piece).Length..])));

        IEnumerable<string> Pieces()
        {
            for (int at = 1; at <= text.Length; at++)
            {
                if (at == text.Length || Begins(text[at]) != Begins(text[at - 1]))
                {
                    yield return text[start..at];
                    start = at;
                }
            }
        }

        static bool Begins(char unit) => Texts.IsSpace(unit) || _wordBeginnings.Contains(unit);
        static string First(string piece) => Texts.Characters(piece)[0];
    }

    private static string Indent(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("width?", "first?", "blank?");
        string indention = Texts.TryGet(bound[0], out string given) ? given : new string(' ', Math.Clamp(bound.Int(0, 4), 0, Budget.MaxCharacters));
        IReadOnlyList<object?> lines = TextCutting.Lines(PythonText.Str(value) + "\n", keepEnds: false);
        arguments.Budget.Text(((long)lines.Count * (indention.Length + 1)) + PythonText.Str(value).Length);
        IEnumerable<string> indented = lines.Cast<string>().Select((line, i) =>
            i == 0 ? (bound.Flag(1) ? indention : "") + line : line.Length > 0 || bound.Flag(2) ? indention + line : line);
        return string.Join('\n', indented);
    }

    private static string Truncate(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("length?", "killwords?", "end?", "leeway?");
        (string text, int length, string end) = (PythonText.Str(value), bound.Int(0, 255), bound.OptionalText(2) ?? "...");
        int kept = length - Texts.Length(end);
        int leeway = bound.OptionalInt(3) ?? 5;
        if (kept < 0 || leeway < 0)
        {
            throw new TemplateError($"the filter 'truncate' was given the length {length} and the leeway {leeway}; expected {Texts.Length(end)} or more, and 0 or more");
        }
        if (Texts.Length(text) <= (long)length + leeway)
        {
            return text;
        }
        string cut = string.Concat(Texts.Characters(text).Take(kept));
        int blank = bound.Flag(1) ? -1 : cut.LastIndexOf(' ');
        return (blank < 0 ? cut : cut[..blank]) + end;
    }
}
