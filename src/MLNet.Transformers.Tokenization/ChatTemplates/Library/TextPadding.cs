using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's center, ljust, rjust and zfill.</summary>
internal static class TextPadding
{
    public static string Pad(string text, Arguments arguments, Ends ends)
    {
        BoundArguments bound = arguments.Bind("width", "fillchar?");
        string filling = bound.OptionalText(1) ?? " ";
        return Texts.Length(filling) == 1
            ? Pad(text, bound.Int(0), filling, ends, arguments.Budget)
            : throw new TemplateError($"{arguments.Callee} fills with one character; found {PythonText.Repr(filling)}");
    }

    public static string Pad(string text, int width, string filling, Ends ends, Budget budget)
    {
        int missing = Math.Max(0, width - Texts.Length(text));
        budget.Text((long)text.Length + ((long)missing * filling.Length));
        // Of an odd number the greater half goes to the left where the width is odd too.
        int left = ends switch { Ends.Left => missing, Ends.Right => 0, _ => (missing / 2) + (missing & width & 1) };
        return string.Concat(Enumerable.Repeat(filling, left)) + text + string.Concat(Enumerable.Repeat(filling, missing - left));
    }

    public static string ZeroFill(string text, int width, Budget budget)
    {
        int sign = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        return text[..sign] + Pad(text[sign..], width - sign, "0", Ends.Left, budget);
    }
}
