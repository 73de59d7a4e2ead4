namespace MLNet.Transformers.Interop;

/// <summary>
/// The rows of prediction engines that were made of one transformer. ML.NET never disposes such a row: an engine that owns its model disposes the
/// model, and nothing tells which engine that was. So the rows are counted here: when the transformer was disposed as often as rows are alive, no
/// engine is left, and their batches go too. Rows beyond that go on working, and what they hold goes when they are collected.
/// </summary>
internal sealed class LiveRows
{
    private readonly List<WeakReference<IDisposable>> _rows = [];
    private int _disposals;

    /// <summary>Remembers a row for as long as something else does.</summary>
    public void Add(IDisposable row)
    {
        lock (_rows)
        {
            ForgetCollected();
            _rows.Add(new WeakReference<IDisposable>(row));
        }
    }

    /// <summary>Forgets a row that was disposed by itself.</summary>
    public void Remove(IDisposable row)
    {
        lock (_rows)
        {
            _rows.RemoveAll(reference => reference.TryGetTarget(out IDisposable? other) && other == row);
        }
    }

    /// <summary>The transformer was disposed, by its user or by one of the engines.</summary>
    public void OnTransformerDisposed()
    {
        IDisposable[] last = [];
        lock (_rows)
        {
            ForgetCollected();
            if (++_disposals >= _rows.Count)
            {
                last = [.. _rows.Select(reference => reference.TryGetTarget(out IDisposable? row) ? row : null).OfType<IDisposable>()];
            }
        }
        foreach (IDisposable row in last)
        {
            row.Dispose();
        }
    }

    // A collected row may be that of an engine that disposed the transformer: its disposal must not count for another engine's row.
    private void ForgetCollected() => _disposals = Math.Max(0, _disposals - _rows.RemoveAll(reference => !reference.TryGetTarget(out _)));
}
