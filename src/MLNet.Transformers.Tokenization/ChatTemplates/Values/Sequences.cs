namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Values as Python iterates, counts and cuts them.</summary>
internal static class Sequences
{
    public static IEnumerable<object?> Iterate(object? value) => TryIterate(value)
        ?? throw new TemplateError($"a {TypeName.Of(value)} cannot be iterated");

    /// <summary>The items of a value; null where it cannot be iterated.</summary>
    public static IEnumerable<object?>? TryIterate(object? value) => value switch
    {
        string or SafeText => Texts.Characters(PythonText.Str(value)),
        SequenceValue sequence => sequence.Items,
        ViewValue view => view.Items,
        DictValue dict => dict.Entries.Select(entry => entry.Key),
        IteratorValue iterator => iterator.Rest(),
        Undefined => [],
        _ => null,
    };

    /// <summary>All items, read at once.</summary>
    public static IReadOnlyList<object?> Items(object? value, Budget budget)
    {
        if (value is SequenceValue sequence)
        {
            return sequence.Items;
        }
        var items = new List<object?>();
        foreach (object? item in Iterate(value))
        {
            budget.Step();
            items.Add(item);
            if (items.Count > Budget.MaxItems)
            {
                budget.Items(items.Count);
            }
        }
        return items;
    }

    public static int Length(object? value) => value switch
    {
        string or SafeText => Texts.Length(PythonText.Str(value)),
        SequenceValue sequence => sequence.Items.Count,
        ViewValue view => view.Items.Count,
        DictValue dict => dict.Count,
        LoopValue loop => loop.Length,
        Undefined => 0,
        _ => throw new TemplateError($"a {TypeName.Of(value)} has no length"),
    };

    /// <summary>Python's value[start:stop:step]; null: left out.</summary>
    public static object Slice(object? value, int? start, int? stop, int? step, Budget budget)
    {
        IReadOnlyList<object?> items = value switch
        {
            string or SafeText => Texts.Characters(PythonText.Str(value)),
            SequenceValue sequence => sequence.Items,
            _ => throw (value as Undefined)?.Error() ?? new TemplateError($"a {TypeName.Of(value)} has no slices"),
        };
        List<object?> cut = [.. Places(items.Count, start, stop, step ?? 1).Select(place => items[place])];
        budget.Items(cut.Count);
        return value is SequenceValue whole ? whole.With(cut) : string.Concat(cut);
    }

    private static IEnumerable<int> Places(int count, int? start, int? stop, int step)
    {
        if (step == 0)
        {
            throw new TemplateError("a slice has the step 0");
        }
        (int lowest, int highest) = step > 0 ? (0, count) : (-1, count - 1);
        int from = start is { } first ? Clamp(first) : step > 0 ? 0 : count - 1;
        int to = stop is { } last ? Clamp(last) : step > 0 ? count : -1;
        for (long at = from; step > 0 ? at < to : at > to; at += step)
        {
            yield return (int)at;
        }

        int Clamp(int place) => (int)Math.Clamp(place < 0 ? (long)place + count : place, lowest, highest);
    }
}
