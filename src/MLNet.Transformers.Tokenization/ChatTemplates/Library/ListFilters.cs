using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Filters over lists as a whole.</summary>
internal static class ListFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["length"] = Length,
        ["count"] = Length,
        ["first"] = (value, arguments) =>
        {
            arguments.Bind();
            foreach (object? item in Sequences.Iterate(value))
            {
                return item;
            }
            return new Undefined("there is no first item, the list is empty");
        },
        ["last"] = (value, arguments) =>
        {
            arguments.Bind();
            IReadOnlyList<object?> items = value is IteratorValue ? throw NoList(arguments, value) : Sequences.Items(value, arguments.Budget);
            return items.Count > 0 ? items[^1] : new Undefined("there is no last item, the list is empty");
        },
        ["list"] = (value, arguments) =>
        {
            arguments.Bind();
            return new ListValue(Sequences.Items(value, arguments.Budget));
        },
        ["reverse"] = (value, arguments) =>
        {
            arguments.Bind();
            IEnumerable<object?> reversed = Sequences.Items(value, arguments.Budget).Reverse();
            return Texts.TryGet(value, out _) ? string.Concat(reversed) : new IteratorValue("list_reverseiterator", reversed);
        },
        ["join"] = Join,
        ["sort"] = Sort,
        ["min"] = (value, arguments) => Extreme(value, arguments, sign: -1),
        ["max"] = (value, arguments) => Extreme(value, arguments, sign: 1),
        ["unique"] = (value, arguments) =>
        {
            BoundArguments bound = arguments.Bind("case_sensitive?", "attribute?");
            var seen = new HashSet<object>();
            return new IteratorValue("generator", Sequences.Iterate(value).Where(item => seen.Add(DictValue.Hashable(Key(Lookup.Path(item, bound[1]), bound.Flag(0))))));
        },
        ["sum"] = (value, arguments) =>
        {
            BoundArguments bound = arguments.Bind("attribute?", "start?");
            object? start = bound.Has(1) ? bound[1] : Numbers.Of(0);
            return Sequences.Iterate(value).Aggregate(start, (sum, item) => Arithmetic.Add(sum, Lookup.Path(item, bound[0]), arguments.Budget));
        },
        ["dictsort"] = DictSort,
    };

    /// <summary>A stable order of values by keys.</summary>
    private static IReadOnlyList<T> Order<T>(IEnumerable<T> items, Func<T, object?> key, bool descending, Budget budget)
    {
        var comparer = Comparer<object?>.Create((left, right) => Ordering.Compare(left, right, budget) ?? 0);
        try
        {
            return [.. descending ? items.OrderByDescending(key, comparer) : items.OrderBy(key, comparer)];
        }
        catch (InvalidOperationException error) when (error.InnerException is TemplateError inner)
        {
            // .NET's sorting puts what a comparison throws into an exception of its own.
            throw new TemplateError(inner.Message);
        }
    }

    // Texts are compared without regard to case unless it is asked for.
    private static object? Key(object? value, bool caseSensitive) => !caseSensitive && Texts.TryGet(value, out string text) ? PythonCase.Lower(text) : value;

    private static object? Length(object? value, Arguments arguments)
    {
        arguments.Bind();
        return Numbers.Of(Sequences.Length(value));
    }

    private static object? Join(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("d?", "attribute?");
        string separator = bound.Has(0) ? PythonText.Str(bound[0]) : "";
        string[] texts = [.. Sequences.Items(value, arguments.Budget).Select(item => PythonText.Str(Lookup.Path(item, bound[1])))];
        arguments.Budget.Text(texts.Sum(text => (long)text.Length) + ((long)separator.Length * texts.Length));
        return string.Join(separator, texts);
    }

    private static object? Sort(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("reverse?", "case_sensitive?", "attribute?");
        object?[] paths = Texts.TryGet(bound[2], out string names) ? names.Split(',') : [bound[2]];
        return new ListValue(Order(
            Sequences.Items(value, arguments.Budget), item => new ListValue([.. paths.Select(path => Key(Lookup.Path(item, path), bound.Flag(1)))]), bound.Flag(0),
            arguments.Budget));
    }

    private static object? Extreme(object? value, Arguments arguments, int sign)
    {
        BoundArguments bound = arguments.Bind("case_sensitive?", "attribute?");
        IReadOnlyList<object?> items = Sequences.Items(value, arguments.Budget);
        if (items.Count == 0)
        {
            return new Undefined("there is no smallest or largest item, the list is empty");
        }
        return items.Aggregate((best, item) => Ordering.Compare(KeyOf(item), KeyOf(best), arguments.Budget) * sign > 0 ? item : best);

        object? KeyOf(object? item) => Key(Lookup.Path(item, bound[1]), bound.Flag(0));
    }

    private static object? DictSort(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("case_sensitive?", "by?", "reverse?");
        string by = bound.OptionalText(1) ?? "key";
        if (by is not ("key" or "value"))
        {
            throw new TemplateError($"the filter 'dictsort' was told to sort by '{by}'; expected 'key' or 'value'");
        }
        IEnumerable<KeyValuePair<object?, object?>> entries = (value as DictValue ?? throw NoList(arguments, value)).Entries;
        return new ListValue([.. Order(entries, entry => Key(by == "key" ? entry.Key : entry.Value, bound.Flag(0)), bound.Flag(2), arguments.Budget)
            .Select(entry => new TupleValue([entry.Key, entry.Value]))]);
    }

    private static TemplateError NoList(Arguments arguments, object? value) =>
        (value as Undefined)?.Error() ?? new TemplateError($"{arguments.Callee} cannot be used with a {TypeName.Of(value)}");
}
