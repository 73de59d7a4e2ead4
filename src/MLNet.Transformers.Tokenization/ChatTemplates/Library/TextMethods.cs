using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>The methods of Python's str.</summary>
internal static class TextMethods
{
    public static FrozenDictionary<string, Method<string>> All { get; } = new Dictionary<string, Method<string>>
    {
        ["strip"] = (text, arguments) => TextCutting.Strip(text, arguments.Bind("chars?").OptionalText(0), Ends.Both),
        ["lstrip"] = (text, arguments) => TextCutting.Strip(text, arguments.Bind("chars?").OptionalText(0), Ends.Left),
        ["rstrip"] = (text, arguments) => TextCutting.Strip(text, arguments.Bind("chars?").OptionalText(0), Ends.Right),
        ["split"] = (text, arguments) => Split(text, arguments, fromRight: false),
        ["rsplit"] = (text, arguments) => Split(text, arguments, fromRight: true),
        ["splitlines"] = (text, arguments) => new ListValue(TextCutting.Lines(text, arguments.Bind("keepends?").Flag(0))),
        ["partition"] = (text, arguments) => Partition(text, arguments.Bind("sep").Text(0), fromRight: false),
        ["rpartition"] = (text, arguments) => Partition(text, arguments.Bind("sep").Text(0), fromRight: true),
        ["removeprefix"] = (text, arguments) =>
            arguments.Bind("prefix").Text(0) is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        ["removesuffix"] = (text, arguments) =>
            arguments.Bind("suffix").Text(0) is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        ["startswith"] = (text, arguments) => TextSearch.Affix(text, arguments, (range, part) => range.StartsWith(part, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments) => TextSearch.Affix(text, arguments, (range, part) => range.EndsWith(part, StringComparison.Ordinal)),
        ["find"] = (text, arguments) => Numbers.Of(TextSearch.Find(text, arguments, last: false)),
        ["rfind"] = (text, arguments) => Numbers.Of(TextSearch.Find(text, arguments, last: true)),
        ["index"] = (text, arguments) => TextSearch.Index(text, arguments, last: false),
        ["rindex"] = (text, arguments) => TextSearch.Index(text, arguments, last: true),
        ["count"] = (text, arguments) => Numbers.Of(TextSearch.Count(text, arguments)),
        ["upper"] = (text, arguments) => None(arguments, PythonCase.Upper(text)),
        ["lower"] = (text, arguments) => None(arguments, PythonCase.Lower(text)),
        ["title"] = (text, arguments) => None(arguments, PythonCase.Title(text)),
        ["capitalize"] = (text, arguments) => None(arguments, PythonCase.Capitalize(text)),
        ["replace"] = (text, arguments) =>
        {
            BoundArguments bound = arguments.Bind("old", "new", "count?");
            return TextCutting.Replace(text, bound.Text(0), bound.Text(1), bound.Int(2, -1), arguments.Budget);
        },
        ["join"] = (text, arguments) => Join(text, arguments),
        ["center"] = (text, arguments) => TextPadding.Pad(text, arguments, Ends.Both),
        ["ljust"] = (text, arguments) => TextPadding.Pad(text, arguments, Ends.Right),
        ["rjust"] = (text, arguments) => TextPadding.Pad(text, arguments, Ends.Left),
        ["zfill"] = (text, arguments) => TextPadding.ZeroFill(text, arguments.Bind("width").Int(0), arguments.Budget),
        ["isspace"] = (text, arguments) => None(arguments, text.Length > 0 && text.All(Texts.IsSpace)),
        ["isalpha"] = (text, arguments) => None(arguments, Every(text, Rune.IsLetter)),
        ["isdigit"] = (text, arguments) => None(arguments, Every(text, IsDigit)),
        ["isalnum"] = (text, arguments) => None(arguments, Every(text, rune => Rune.IsLetter(rune) || Rune.GetNumericValue(rune) >= 0)),
        ["isupper"] = (text, arguments) => None(arguments, IsCase(text, PythonCase.IsUpper)),
        ["islower"] = (text, arguments) => None(arguments, IsCase(text, PythonCase.IsLower)),
        ["isascii"] = (text, arguments) => None(arguments, Ascii.IsValid(text)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether there are letters with a case, and all of them have the wanted one.</summary>
    public static bool IsCase(string text, Func<Rune, bool> wanted)
    {
        Rune[] cased = [.. text.EnumerateRunes().Where(PythonCase.IsCased)];
        return cased.Length > 0 && cased.All(wanted);
    }

    private static ListValue Split(string text, Arguments arguments, bool fromRight)
    {
        BoundArguments bound = arguments.Bind("sep?", "maxsplit?");
        arguments.Budget.Text(text.Length);
        return new ListValue(TextCutting.Split(text, bound.OptionalText(0), bound.Int(1, -1), fromRight));
    }

    private static TupleValue Partition(string text, string separator, bool fromRight)
    {
        TextCutting.RequireSeparator(separator);
        int at = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return new TupleValue(at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : fromRight ? ["", "", text] : [text, "", ""]);
    }

    private static string Join(string separator, Arguments arguments)
    {
        IReadOnlyList<object?> items = Sequences.Items(arguments.Bind("iterable")[0], arguments.Budget);
        string[] texts =
        [
            .. items.Select((item, i) => Texts.TryGet(item, out string text)
                ? text
                : throw (item as Undefined)?.Error() ?? new TemplateError($"'join' was given a {TypeName.Of(item)} as item {i}; expected texts")),
        ];
        arguments.Budget.Text(texts.Sum(text => (long)text.Length) + ((long)separator.Length * texts.Length));
        return string.Join(separator, texts);
    }

    private static T None<T>(Arguments arguments, T result)
    {
        arguments.Bind();
        return result;
    }

    private static bool Every(string text, Func<Rune, bool> holds) => text.Length > 0 && text.EnumerateRunes().All(holds);

    private static bool IsDigit(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
        || CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0;
}

/// <summary>The ends of a text that something happens to.</summary>
[Flags]
internal enum Ends
{
    Left = 1,
    Right = 2,
    Both = Left | Right,
}
