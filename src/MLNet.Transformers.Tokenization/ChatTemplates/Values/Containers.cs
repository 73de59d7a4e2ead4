namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's list, tuple or range. Never changed once made, as templates run in an environment that refuses changes.</summary>
internal abstract class SequenceValue(IReadOnlyList<object?> items)
{
    public IReadOnlyList<object?> Items => items;

    /// <summary>A value of the same type with other items.</summary>
    public abstract SequenceValue With(IReadOnlyList<object?> other);
}

internal sealed class ListValue(IReadOnlyList<object?> items) : SequenceValue(items)
{
    public override SequenceValue With(IReadOnlyList<object?> other) => new ListValue(other);
}

internal sealed class TupleValue(IReadOnlyList<object?> items) : SequenceValue(items)
{
    public override SequenceValue With(IReadOnlyList<object?> other) => new TupleValue(other);
}

/// <summary>What range() gives: numbers in even steps.</summary>
/// <param name="items">The numbers.</param>
/// <param name="text">How Python writes it.</param>
internal sealed class RangeValue(IReadOnlyList<object?> items, string text) : SequenceValue(items)
{
    public string Text => text;

    public override SequenceValue With(IReadOnlyList<object?> other) => new ListValue(other);
}

/// <summary>What a dict's keys(), values() or items() gives: can be iterated and counted, but has no items by number.</summary>
internal sealed class ViewValue(string typeName, IReadOnlyList<object?> items)
{
    public string TypeName => typeName;

    public IReadOnlyList<object?> Items => items;
}

/// <summary>A generator: read once, item by item as they are asked for; always true.</summary>
internal sealed class IteratorValue(string typeName, IEnumerable<object?> items)
{
    private readonly IEnumerator<object?> _items = items.GetEnumerator();

    public string TypeName => typeName;

    public IEnumerable<object?> Rest()
    {
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }
}

/// <summary>Text that the filter safe has marked: what is joined to it with + is escaped for HTML (markupsafe.Markup), here as there.</summary>
internal sealed record SafeText(string Text);

/// <summary>An object whose attributes are all there is to it.</summary>
internal interface IAttributes
{
    bool TryGet(string name, out object? value);
}

/// <summary>What namespace() gives: the one value whose attributes a template can set.</summary>
internal sealed class NamespaceValue : IAttributes
{
    private readonly OrderedDictionary<string, object?> _attributes = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, object?>> Attributes => _attributes;

    public bool TryGet(string name, out object? value) => _attributes.TryGetValue(name, out value);

    public void Set(string name, object? value) => _attributes[name] = value;
}
