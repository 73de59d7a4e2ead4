using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's strftime in English, whatever the user's culture: a prompt is written in the language that the model was trained on.</summary>
internal static class Strftime
{
    private const string Known = "%a %A %b %B %d %e %F %H %I %j %m %M %p %S %T %y %Y %%, and %- before d, e, H, I, j, m, M, S and y";

    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }
            bool bare = at + 1 < format.Length && format[at + 1] == '-';
            at += bare ? 2 : 1;
            char kind = at < format.Length ? format[at] : throw Unknown("");
            string written = Write(time, kind) ?? throw Unknown($"{(bare ? "-" : "")}{kind}");
            text.Append(!bare ? written : "deHIjmMSy".Contains(kind, StringComparison.Ordinal) ? Bare(written) : throw Unknown($"-{kind}"));
        }
        return text.ToString();
    }

    private static string Bare(string number) => number.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0";

    private static string? Write(DateTimeOffset time, char kind) => kind switch
    {
        'a' => Net(time, "ddd"),
        'A' => Net(time, "dddd"),
        'b' => Net(time, "MMM"),
        'B' => Net(time, "MMMM"),
        'd' => Net(time, "dd"),
        'e' => Net(time, "%d").PadLeft(2),
        'F' => Net(time, "yyyy-MM-dd"),
        'H' => Net(time, "HH"),
        'I' => Net(time, "hh"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'm' => Net(time, "MM"),
        'M' => Net(time, "mm"),
        'p' => Net(time, "tt"),
        'S' => Net(time, "ss"),
        'T' => Net(time, "HH':'mm':'ss"),
        'y' => Net(time, "yy"),
        'Y' => Net(time, "yyyy"),
        '%' => "%",
        _ => null,
    };

    private static string Net(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static TemplateError Unknown(string directive) => new($"the time format '%{directive}' is not supported. Known are {Known}");
}
