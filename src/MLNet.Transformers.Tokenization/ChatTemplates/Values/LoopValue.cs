namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>The variable loop of a for loop: where the loop stands.</summary>
/// <param name="items">What is looped over.</param>
internal sealed class LoopValue(IReadOnlyList<object?> items) : IAttributes
{
    private static readonly object _nothing = new();

    private object? _changed = _nothing;

    /// <summary>The number of the item that it is at, from 0.</summary>
    public int Index { get; set; }

    public int Length => items.Count;

    public bool TryGet(string name, out object? value)
    {
        (bool known, value) = name switch
        {
            "index" => (true, Numbers.Of(Index + 1)),
            "index0" => (true, Numbers.Of(Index)),
            "revindex" => (true, Numbers.Of(Length - Index)),
            "revindex0" => (true, Numbers.Of(Length - Index - 1)),
            "first" => (true, Index == 0),
            "last" => (true, Index == Length - 1),
            "length" => (true, Numbers.Of(Length)),
            // Only recursive loops, which are not supported, go deeper.
            "depth" => (true, Numbers.Of(1)),
            "depth0" => (true, Numbers.Of(0)),
            "previtem" => (true, Index > 0 ? items[Index - 1] : new Undefined("there is no previous item")),
            "nextitem" => (true, Index + 1 < Length ? items[Index + 1] : new Undefined("there is no next item")),
            "cycle" => (true, new Callable("loop.cycle", Cycle)),
            "changed" => (true, new Callable("loop.changed", Changed)),
            _ => (false, null),
        };
        return known;
    }

    private object? Cycle(Arguments arguments) => arguments.Positional.Count > 0
        ? arguments.Positional[Index % arguments.Positional.Count]
        : throw new TemplateError("loop.cycle needs at least one argument");

    private object? Changed(Arguments arguments)
    {
        var value = new TupleValue(arguments.Positional);
        bool changed = _changed == _nothing || !Equality.Of(value, _changed, arguments.Budget);
        _changed = value;
        return changed;
    }
}
