using System.Globalization;
using System.Numerics;
using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's "..." % values, with %s, %r, %d, %i and %%.</summary>
internal static class PercentFormat
{
    public static string Apply(string format, IReadOnlyList<object?> values, Budget budget)
    {
        var text = new StringBuilder();
        int used = 0;
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }
            at++;
            char kind = at < format.Length ? format[at] : throw new TemplateError("a format ends with a single '%'");
            string part = kind == '%' ? "%" : Write(kind, used < values.Count ? values[used++] : throw new TemplateError("there are fewer values than the format asks for"));
            budget.Text(text.Length + (long)part.Length);
            text.Append(part);
        }
        return used == values.Count ? text.ToString() : throw new TemplateError($"there are {values.Count} values, but the format asks for {used}");
    }

    private static string Write(char kind, object? value) => kind switch
    {
        's' => PythonText.Str(value),
        'r' => PythonText.Repr(value),
        'd' or 'i' => Numbers.TryWhole(value, out BigInteger whole) ? whole.ToString(CultureInfo.InvariantCulture)
            : value is double real && double.IsFinite(real) ? new BigInteger(real).ToString(CultureInfo.InvariantCulture)
            : throw new TemplateError($"'%{kind}' was given a {TypeName.Of(value)}; expected a number"),
        _ => throw new TemplateError($"the format '%{kind}' is not supported. Known are %s, %r, %d, %i and %%"),
    };
}
