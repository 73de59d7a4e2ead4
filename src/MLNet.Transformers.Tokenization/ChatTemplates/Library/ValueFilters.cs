using System.Globalization;
using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Filters over single values: defaults, numbers, JSON.</summary>
internal static class ValueFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["default"] = Default,
        ["d"] = Default,
        ["attr"] = (value, arguments) => Lookup.Member(value, arguments.Bind("name").Text(0)),
        ["int"] = Int,
        ["float"] = (value, arguments) =>
        {
            BoundArguments bound = arguments.Bind("default?");
            return PythonNumbers.ToFloat(value) ?? (bound.Has(0) ? bound[0] : 0.0);
        },
        ["abs"] = (value, arguments) =>
        {
            arguments.Bind();
            return Arithmetic.Plus(value) is double real ? Math.Abs(real) : BigInteger.Abs((BigInteger)Arithmetic.Plus(value));
        },
        ["round"] = Round,
        ["tojson"] = ToJson,
    };

    private static object? Default(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("default_value?", "boolean?");
        return value is Undefined || (bound.Flag(1) && !Truth.Of(value)) ? bound.Has(0) ? bound[0] : "" : value;
    }

    private static object? Int(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("default?", "base?");
        int numberBase = bound.Int(1, 10);
        if (numberBase != 10)
        {
            throw new TemplateError($"the filter 'int' was given the base {numberBase}; only 10 is supported");
        }
        return value switch
        {
            Undefined undefined => throw undefined.Error(),
            _ when PythonNumbers.ToInt(value) is { } whole => whole,
            _ when PythonNumbers.ToFloat(value) is { } real && double.IsFinite(real) => new BigInteger(real),
            _ => bound.Has(0) ? bound[0] : BigInteger.Zero,
        };
    }

    private static object? Round(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("precision?", "method?");
        (int precision, string method) = (bound.Int(0), bound.OptionalText(1) ?? "common");
        if (Math.Abs((long)precision) > 300)
        {
            throw new TemplateError($"the filter 'round' was given {precision} places; expected at most 300");
        }
        double scale = Math.Pow(10, precision);
        return (method, Arithmetic.Plus(value)) switch
        {
            ("common", BigInteger whole) => PythonNumbers.Round(whole, precision),
            ("common", double real) => PythonNumbers.Round(real, precision),
            ("ceil", var number) => Math.Ceiling(Real(number) * scale) / scale,
            ("floor", var number) => Math.Floor(Real(number) * scale) / scale,
            _ => throw new TemplateError($"the filter 'round' was given the method '{method}'; expected common, ceil or floor"),
        };

        static double Real(object number) => Convert.ToDouble(number is BigInteger whole ? (double)whole : number, CultureInfo.InvariantCulture);
    }

    // Transformers' own tojson: json.dumps, with nothing escaped for HTML.
    private static string ToJson(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("ensure_ascii?", "indent?", "separators?", "sort_keys?");
        string? indent = Texts.TryGet(bound[1], out string text) ? text
            : bound.OptionalInt(1) is { } width ? new string(' ', Math.Clamp(width, 0, 1000)) : null;
        (string? item, string? key) = bound[2] switch
        {
            null => ((string?)null, (string?)null),
            SequenceValue { Items: [string first, string second] } => (first, second),
            _ => throw new TemplateError("the filter 'tojson' takes two texts as separators"),
        };
        return arguments.Budget.Text(new PythonJson(indent, bound.Flag(0), item, key, bound.Flag(3)).Write(value));
    }
}
