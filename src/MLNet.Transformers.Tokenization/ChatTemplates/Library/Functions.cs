using System.Collections.Frozen;
using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>The functions that a template can call without having been given them.</summary>
internal static class Functions
{
    // The reference's sandbox has the same limit.
    private const int MaxRange = 100_000;

    private static readonly FrozenSet<string> _refused = FrozenSet.ToFrozenSet(["cycler", "joiner", "lipsum", "self", "super"]);

    private static readonly FrozenDictionary<string, Callable> _all = new Callable[]
    {
        new("raise_exception", arguments => throw new TemplateError($"the template refuses the conversation: {PythonText.Str(arguments.Bind("message")[0])}")),
        new("strftime_now", arguments => Strftime.Format(arguments.Rendering.Clock.GetLocalNow(), arguments.Bind("format").Text(0))),
        new("namespace", Namespace),
        new("dict", arguments => new DictValue(Entries(arguments))),
        new("range", Range),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>A function; null where there is none of that name.</summary>
    /// <exception cref="TemplateError">Jinja has it, but it is not supported.</exception>
    public static Callable? Find(string name) => _all.GetValueOrDefault(name)
        ?? (_refused.Contains(name) ? throw new TemplateError($"the function '{name}' is not supported. Known are {string.Join(", ", _all.Keys.Order(StringComparer.Ordinal))}") : null);

    private static NamespaceValue Namespace(Arguments arguments)
    {
        var space = new NamespaceValue();
        foreach ((object? name, object? value) in Entries(arguments))
        {
            space.Set(Texts.TryGet(name, out string text) ? text : throw new TemplateError($"a namespace was given the name {PythonText.Repr(name)}; expected a text"), value);
        }
        return space;
    }

    // What Python's dict() takes: another dict or a list of pairs, then named values.
    private static IEnumerable<KeyValuePair<object?, object?>> Entries(Arguments arguments)
    {
        if (arguments.Positional.Count > 1)
        {
            throw new TemplateError($"{arguments.Callee} takes at most one argument without a name, but was given {arguments.Positional.Count}");
        }
        IEnumerable<KeyValuePair<object?, object?>> first = arguments.Positional switch
        {
            [] => [],
            [DictValue dict] => dict.Entries,
            [var pairs] => Sequences.Iterate(pairs).Select(pair => Sequences.Items(pair, arguments.Budget) is [var key, var value]
                ? new KeyValuePair<object?, object?>(key, value)
                : throw new TemplateError($"{arguments.Callee} was given a list with something else than pairs")),
            _ => [],
        };
        return first.Concat(arguments.Named.Select(item => new KeyValuePair<object?, object?>(item.Key, item.Value)));
    }

    private static RangeValue Range(Arguments arguments)
    {
        int[] bounds = [.. arguments.Positional.Select(value => Numbers.TryWhole(value, out BigInteger number)
            ? (int)BigInteger.Clamp(number, int.MinValue, int.MaxValue)
            : throw (value as Undefined)?.Error() ?? new TemplateError($"'range' was given a {TypeName.Of(value)}; expected whole numbers"))];
        if (arguments.Named.Count > 0 || bounds.Length is 0 or > 3 || bounds is [_, _, 0])
        {
            throw new TemplateError("'range' takes an end, or a start, an end and a step that is not 0");
        }
        (long start, long stop, long step) = bounds switch
        {
            [var end] => (0L, end, 1L),
            [var first, var end] => (first, end, 1L),
            _ => (bounds[0], bounds[1], bounds[2]),
        };
        long count = Math.Max(0, step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);
        if (count > MaxRange)
        {
            throw new TemplateError($"'range' was to give {count:N0} numbers; the most is {MaxRange:N0}");
        }
        arguments.Budget.Items(count);
        return new RangeValue([.. Enumerable.Range(0, (int)count).Select(i => Numbers.Of(start + (i * step)))], step == 1 ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})");
    }
}
