namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>The stack of a pickle's program. Marks say where the items of a container begin.</summary>
internal sealed class PickleStack
{
    private static readonly object _mark = new();

    private readonly List<object?> _items = [];

    public int Count => _items.Count;

    public void Push(object? value) => _items.Add(value);

    public void Mark() => _items.Add(_mark);

    /// <summary>The value on top, which stays.</summary>
    public object? Peek() => _items.Count > 0 && _items[^1] != _mark ? _items[^1] : throw Empty();

    public object? Pop()
    {
        object? value = Peek();
        _items.RemoveAt(_items.Count - 1);
        return value;
    }

    /// <summary>Drops the value or mark on top.</summary>
    public void PopAny()
    {
        if (_items.Count == 0)
        {
            throw Empty();
        }
        _items.RemoveAt(_items.Count - 1);
    }

    /// <summary>So many values, in the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }
        return values;
    }

    /// <summary>The values above the topmost mark, which is dropped too.</summary>
    public object?[] PopToMark()
    {
        int mark = _items.LastIndexOf(_mark);
        if (mark < 0)
        {
            throw new PickleRefusedException("its pickle closes a container that it never opened");
        }
        object?[] values = [.. _items[(mark + 1)..]];
        _items.RemoveRange(mark, _items.Count - mark);
        return values;
    }

    private static PickleRefusedException Empty() => new("its pickle takes a value where there is none");
}
