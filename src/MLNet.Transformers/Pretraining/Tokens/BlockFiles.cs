namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Blocks in a row of files. One thread writes them, and whoever reads a file waits until it is whole: training begins with the first, and what it reads
/// does not depend on how fast the others come.
/// </summary>
/// <param name="folder">Where the files lie.</param>
/// <param name="name">What their names begin with.</param>
/// <param name="tokensPerFile">How many tokens fill one; the first are smaller, each half as large as the next, so that training may begin soon.</param>
/// <param name="others">As <see cref="BlockShape.NeedsOthers"/>.</param>
internal sealed class BlockFiles(string folder, string name, long tokensPerFile, bool others) : IDisposable
{
    private const int WaitMilliseconds = 100;
    private const long TokensOfFirst = 1 << 18;
    private const int MostDoublings = 20;

    private readonly object _changed = new();
    private readonly List<BlockFile> _open = [];
    private BlockFileWriter? _writer;
    private int _written;
    private bool _isComplete;
    private Exception? _error;

    /// <summary>Whether blocks read from the files draw others.</summary>
    public bool Others => others;

    public void Add(TextBlock block)
    {
        _writer ??= new BlockFileWriter(Path(_written));
        _writer.Add(block);
        if (_writer.Tokens >= Math.Min(tokensPerFile, TokensOfFirst << Math.Min(_written, MostDoublings)))
        {
            FinishFile();
        }
    }

    /// <summary>Says that all has been written.</summary>
    /// <returns>The number of files.</returns>
    public int Complete()
    {
        FinishFile();
        Change(() => _isComplete = true);
        return _written;
    }

    /// <summary>Says that all was written before.</summary>
    public void Complete(int files) => Change(() => (_written, _isComplete) = (files, true));

    /// <summary>Says that there will not be more, and why.</summary>
    public void Fail(Exception error) => Change(() => _error = error);

    /// <summary>A file; null where there are not so many. Waits for it.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="checkAlive">Called while it waits; throws where nobody wants the file any more.</param>
    public BlockFile? File(int index, Action checkAlive)
    {
        lock (_changed)
        {
            Wait(() => _written > index || _isComplete, checkAlive);
            while (_open.Count <= index && _open.Count < _written)
            {
                _open.Add(new BlockFile(Path(_open.Count)));
            }
            return index < _open.Count ? _open[index] : null;
        }
    }

    /// <summary>All files. Waits for them.</summary>
    public IReadOnlyList<BlockFile> All(Action checkAlive)
    {
        lock (_changed)
        {
            Wait(() => _isComplete, checkAlive);
        }
        return [.. Enumerable.Range(0, _written).Select(index => File(index, checkAlive)!)];
    }

    /// <summary>Closes the files. Nothing is written or read any more.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        foreach (BlockFile file in _open)
        {
            file.Dispose();
        }
    }

    private void FinishFile()
    {
        if (_writer is { } writer)
        {
            writer.Finish();
            writer.Dispose();
            _writer = null;
            Change(() => _written++);
        }
    }

    private void Change(Action change)
    {
        lock (_changed)
        {
            change();
            Monitor.PulseAll(_changed);
        }
    }

    private void Wait(Func<bool> until, Action checkAlive)
    {
        while (!until())
        {
            if (_error is { } error)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
            }
            checkAlive();
            Monitor.Wait(_changed, WaitMilliseconds);
        }
    }

    private string Path(int index) => System.IO.Path.Combine(folder, FormattableString.Invariant($"{name}-{index:D5}.tokens"));
}
