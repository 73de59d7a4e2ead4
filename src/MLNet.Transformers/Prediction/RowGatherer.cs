namespace MLNet.Transformers.Prediction;

/// <summary>
/// Lets rows that several threads ask for at once be answered together. A row that comes while nothing is computed is computed at once, by its own
/// thread. Rows that come meanwhile wait; when the network is free, the thread of the first of them computes all of them as one batch. Nobody waits for
/// rows to come, and nobody goes on computing for others once it has its own answer.
/// </summary>
/// <param name="mostRows">Rows of a batch at most.</param>
internal sealed class RowGatherer<TRow, TAnswer>(int mostRows)
{
    private readonly Lock _lock = new();
    private readonly Queue<Asked> _waiting = new();
    private bool _isBusy;

    /// <summary>Rows that wait.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The answer of a row.</summary>
    /// <param name="row">The row; nothing changes it before this method is over.</param>
    /// <param name="predict">Computes the answers of some rows, called on this thread, or by another thread whose row is computed with this one.</param>
    public TAnswer Answer(TRow row, Func<TRow[], TAnswer[]> predict)
    {
        var waiting = new Asked(row);
        lock (_lock)
        {
            if (_isBusy)
            {
                _waiting.Enqueue(waiting);
            }
            else
            {
                _isBusy = true;
                waiting.Lead([waiting]);
            }
        }
        if (waiting.Wait() == Outcome.Leads)
        {
            Compute(waiting.Batch!, predict);
        }
        // A row that cannot be answered must not fail the others: each finds out for itself, and gets the error that is its own.
        return waiting.Outcome == Outcome.Answered ? waiting.Answer! : predict([row])[0];
    }

    private void Compute(Asked[] batch, Func<TRow[], TAnswer[]> predict)
    {
        TAnswer[]? answers = null;
        try
        {
            answers = predict(Array.ConvertAll(batch, waiting => waiting.Row));
        }
        catch when (batch.Length > 1)
        {
        }
        finally
        {
            // First the next ones: to wake up threads takes time, in which the network need not stand still.
            HandOn();
        }
        for (int i = 0; i < batch.Length; i++)
        {
            if (answers is null)
            {
                batch[i].Fail();
            }
            else
            {
                batch[i].Finish(answers[i]);
            }
        }
    }

    private void HandOn()
    {
        lock (_lock)
        {
            var batch = new Asked[Math.Min(mostRows, _waiting.Count)];
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = _waiting.Dequeue();
            }
            _isBusy = batch.Length > 0;
            if (_isBusy)
            {
                batch[0].Lead(batch);
            }
        }
    }

    private enum Outcome
    {
        None,
        Leads,
        Answered,
        Failed,
    }

    // Waits without spinning: the network needs the cores.
    private sealed class Asked(TRow row)
    {
        private readonly object _signal = new();

        public TRow Row => row;

        public TAnswer? Answer { get; private set; }

        public Asked[]? Batch { get; private set; }

        public Outcome Outcome { get; private set; }

        public void Lead(Asked[] batch)
        {
            Batch = batch;
            Signal(Outcome.Leads);
        }

        public void Finish(TAnswer answer)
        {
            Answer = answer;
            Signal(Outcome.Answered);
        }

        public void Fail() => Signal(Outcome.Failed);

        public Outcome Wait()
        {
            lock (_signal)
            {
                while (Outcome == Outcome.None)
                {
                    Monitor.Wait(_signal);
                }
                return Outcome;
            }
        }

        private void Signal(Outcome outcome)
        {
            lock (_signal)
            {
                Outcome = outcome;
                Monitor.Pulse(_signal);
            }
        }
    }
}
