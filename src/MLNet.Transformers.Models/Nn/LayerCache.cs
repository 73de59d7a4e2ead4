using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>One layer's part of a <see cref="KeyValueCache"/>: what it attends to in the target and, of an encoder-decoder, in the source.</summary>
internal sealed class LayerCache(long capacity) : IDisposable
{
    private (Tensor Keys, Tensor Values)? _target;
    private (Tensor Keys, Tensor Values)? _source;

    /// <summary>Tokens of each row that are held.</summary>
    public long Length { get; private set; }

    /// <summary>What is held, as <see cref="Append"/> gives it.</summary>
    /// <exception cref="InvalidOperationException">Nothing is.</exception>
    public (Tensor Keys, Tensor Values) Target => _target is var (keys, values)
        ? (keys.narrow(2, 0, Length), values.narrow(2, 0, Length))
        : throw new InvalidOperationException("The key-value cache holds no tokens.");

    /// <summary>What is held of the source.</summary>
    /// <exception cref="InvalidOperationException">Nothing is.</exception>
    public (Tensor Keys, Tensor Values) HeldSource => _source ?? throw new InvalidOperationException("The key-value cache holds no source.");

    /// <summary>Adds tokens and gives all.</summary>
    /// <param name="keys">(rows, heads, new tokens, width).</param>
    /// <param name="values">(rows, heads, new tokens, width).</param>
    /// <returns>Views of (rows, heads, all tokens, width), good until the cache changes.</returns>
    /// <exception cref="InvalidOperationException">There are more tokens than the cache was made for.</exception>
    public (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        long added = keys.shape[2];
        if (Length + added > capacity)
        {
            throw new InvalidOperationException($"The key-value cache holds {Length} tokens of at most {capacity}; {added} more do not fit.");
        }
        (Tensor allKeys, Tensor allValues) = _target ??= (Room(keys), Room(values));
        using (Tensor room = allKeys.narrow(2, Length, added))
        {
            room.copy_(keys);
        }
        using (Tensor room = allValues.narrow(2, Length, added))
        {
            room.copy_(values);
        }
        Length += added;
        return (allKeys.narrow(2, 0, Length), allValues.narrow(2, 0, Length));
    }

    /// <summary>Keys and values of the source, computed at the first call only.</summary>
    public (Tensor Keys, Tensor Values) Source(Func<(Tensor Keys, Tensor Values)> compute)
    {
        if (_source is null)
        {
            (Tensor keys, Tensor values) = compute();
            _source = (keys.DetachFromDisposeScope(), values.DetachFromDisposeScope());
        }
        return _source.Value;
    }

    public void Select(Tensor rows)
    {
        SelectTarget(rows);
        if (_source is { } source)
        {
            _source = (source.Keys.index_select(0, rows).DetachFromDisposeScope(), source.Values.index_select(0, rows).DetachFromDisposeScope());
            Free(source);
        }
    }

    public void SelectTarget(Tensor rows)
    {
        if (_target is { } target)
        {
            _target = (Select(target.Keys, rows), Select(target.Values, rows));
            Free(target);
        }
    }

    public void Dispose()
    {
        Free(_target);
        Free(_source);
        (_target, _source) = (null, null);
    }

    private Tensor Room(Tensor like, long? rows = null) =>
        empty([rows ?? like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();

    // Only what is held is copied: the rest of the room is not even touched.
    private Tensor Select(Tensor held, Tensor rows)
    {
        Tensor selected = Room(held, rows.shape[0]);
        using Tensor tokens = held.narrow(2, 0, Length);
        using Tensor moved = tokens.index_select(0, rows);
        using Tensor room = selected.narrow(2, 0, Length);
        room.copy_(moved);
        return selected;
    }

    private static void Free((Tensor Keys, Tensor Values)? held)
    {
        held?.Keys.Dispose();
        held?.Values.Dispose();
    }
}
