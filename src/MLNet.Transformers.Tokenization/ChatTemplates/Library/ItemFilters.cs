using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Filters over the items of a list, one at a time as they are asked for. What they give is a generator: true even where it gives nothing.</summary>
internal static class ItemFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["map"] = Map,
        ["select"] = (value, arguments) => Select(value, arguments, wanted: true, byAttribute: false),
        ["reject"] = (value, arguments) => Select(value, arguments, wanted: false, byAttribute: false),
        ["selectattr"] = (value, arguments) => Select(value, arguments, wanted: true, byAttribute: true),
        ["rejectattr"] = (value, arguments) => Select(value, arguments, wanted: false, byAttribute: true),
        ["items"] = (value, arguments) =>
        {
            arguments.Bind();
            return new IteratorValue("generator", value switch
            {
                DictValue dict => dict.Entries.Select(entry => new TupleValue([entry.Key, entry.Value])),
                Undefined => [],
                _ => throw new TemplateError($"the filter 'items' was given a {TypeName.Of(value)}; expected a dict"),
            });
        },
    };

    private static IteratorValue Map(object? value, Arguments arguments)
    {
        if (arguments.Positional.Count == 0)
        {
            BoundArguments bound = (arguments with { Callee = "the filter 'map' without the name of a filter" }).Bind("attribute", "default?");
            return Each(value, arguments.Budget, item =>
            {
                object? found = Lookup.Path(item, bound[0]);
                return found is Undefined && bound.Has(1) ? bound[1] : found;
            });
        }
        string name = Name(arguments, 0);
        Filter filter = Filters.Get(name);
        Arguments passed = arguments.Pass($"the filter '{name}'", 1);
        return Each(value, arguments.Budget, item => filter(item, passed));
    }

    private static IteratorValue Select(object? value, Arguments arguments, bool wanted, bool byAttribute)
    {
        int at = byAttribute ? 1 : 0;
        if (arguments.Positional.Count < at)
        {
            throw new TemplateError($"{arguments.Callee} needs the name of an attribute");
        }
        object? path = byAttribute ? arguments.Positional[0] : null;
        Test test = (item, _) => Truth.Of(item);
        Arguments passed = arguments;
        if (arguments.Positional.Count > at)
        {
            string name = Name(arguments, at);
            test = Tests.Get(name);
            passed = arguments.Pass($"the test '{name}'", at + 1);
        }
        return new IteratorValue("generator", Counted(value, arguments.Budget).Where(item => test(Lookup.Path(item, path), passed) == wanted));
    }

    private static IteratorValue Each(object? value, Budget budget, Func<object?, object?> map) => new("generator", Counted(value, budget).Select(map));

    // Where there is nothing, the reference does not even ask whether it can be iterated.
    private static IEnumerable<object?> Counted(object? value, Budget budget)
    {
        foreach (object? item in Truth.Of(value) ? Sequences.Iterate(value) : [])
        {
            budget.Step();
            yield return item;
        }
    }

    private static string Name(Arguments arguments, int at) => Texts.TryGet(arguments.Positional[at], out string name)
        ? name
        : throw new TemplateError($"{arguments.Callee} was given a {TypeName.Of(arguments.Positional[at])} as the name of a filter or test; expected a text");
}
