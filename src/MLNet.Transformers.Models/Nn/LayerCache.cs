using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>One layer's part of a <see cref="KeyValueCache"/>: what it attends to in the target and, of an encoder-decoder, in the source.</summary>
internal sealed class LayerCache(long capacity) : IDisposable
{
    private (Tensor Keys, Tensor Values)? _target;
    private (Tensor Keys, Tensor Values)? _source;

    /// <summary>Tokens of each row that are held.</summary>
    public long Length { get; private set; }

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
        _target = Select(_target, rows);
        _source = Select(_source, rows);
    }

    public void Dispose()
    {
        Free(_target);
        Free(_source);
        (_target, _source) = (null, null);
    }

    private Tensor Room(Tensor like) =>
        empty([like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();

    private static (Tensor Keys, Tensor Values)? Select((Tensor Keys, Tensor Values)? held, Tensor rows)
    {
        if (held is not { } pair)
        {
            return null;
        }
        var selected = (pair.Keys.index_select(0, rows).DetachFromDisposeScope(), pair.Values.index_select(0, rows).DetachFromDisposeScope());
        Free(held);
        return selected;
    }

    private static void Free((Tensor Keys, Tensor Values)? held)
    {
        held?.Keys.Dispose();
        held?.Values.Dispose();
    }
}
