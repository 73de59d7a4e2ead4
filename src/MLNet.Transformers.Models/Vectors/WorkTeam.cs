namespace MLNet.Transformers.Models.Vectors;

/// <summary>Work in pieces that may be done in any order, and at once.</summary>
internal interface IPieces
{
    /// <summary>Does one piece; throws nothing.</summary>
    void Do(int piece);
}

/// <summary>
/// Threads that share the pieces of work which is over in microseconds: they wait for the next spinning, for a short time. Whoever is free takes the next
/// piece, so that a thread without a core holds up one piece at most; where the others of the team are busy or have no core, the caller does all alone.
/// </summary>
internal static class WorkTeam
{
    // Longer than what stands between two products of a token, shorter than what stands between two tokens.
    private const int TurnsBeforeSleep = 4000;

    // Pieces and the next of them are numbers of twenty bits in the state; above them, which work it is.
    private const int Bits = 20;
    private const long Mask = (1L << Bits) - 1;

    private static readonly Lock _calling = new();
    private static readonly SemaphoreSlim _wake = new(0);
    private static readonly int _helpers = Start(Environment.ProcessorCount - 1);
    private static IPieces? _work;
    private static long _state;
    private static int _done;
    private static int _asleep;

    /// <summary>Does all pieces, and comes back when the last is done.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="pieces">Its pieces, fewer than 2²⁰.</param>
    /// <param name="alone">Whether the calling thread is to do it alone: there is no other core.</param>
    public static void Run(IPieces work, int pieces, bool alone)
    {
        if (alone || pieces == 1 || _helpers == 0 || !_calling.TryEnter())
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                work.Do(piece);
            }
            return;
        }
        try
        {
            _work = work;
            Volatile.Write(ref _done, 0);
            long which = (Volatile.Read(ref _state) >> (2 * Bits)) + 1;
            // Full fence: a helper that is about to sleep either sees the work or is seen asleep.
            Interlocked.Exchange(ref _state, (which << (2 * Bits)) | ((long)pieces << Bits));
            if (Volatile.Read(ref _asleep) > 0)
            {
                _wake.Release(Interlocked.Exchange(ref _asleep, 0));
            }
            TakeAll();
            var wait = default(SpinWait);
            while (Volatile.Read(ref _done) < pieces)
            {
                if (wait.NextSpinWillYield)
                {
                    Thread.Yield();
                }
                else
                {
                    wait.SpinOnce();
                }
            }
        }
        finally
        {
            _calling.Exit();
        }
    }

    private static int Start(int helpers)
    {
        for (int i = 0; i < helpers; i++)
        {
            new Thread(Help) { IsBackground = true, Name = $"{nameof(WorkTeam)} {i + 1}" }.Start();
        }
        return helpers;
    }

    private static void Help()
    {
        long seen = 0;
        while (true)
        {
            for (int turn = 0; Volatile.Read(ref _state) == seen && turn < TurnsBeforeSleep; turn++)
            {
                Thread.SpinWait(1);
            }
            if (Volatile.Read(ref _state) == seen)
            {
                Interlocked.Increment(ref _asleep);
                if (Interlocked.Read(ref _state) == seen)
                {
                    _wake.Wait();
                }
                else if (!TryStayAwake())
                {
                    _wake.Wait();
                }
            }
            TakeAll();
            seen = Volatile.Read(ref _state);
        }
    }

    // False where the caller has counted this thread among those it wakes.
    private static bool TryStayAwake()
    {
        int asleep;
        while ((asleep = Volatile.Read(ref _asleep)) > 0)
        {
            if (Interlocked.CompareExchange(ref _asleep, asleep - 1, asleep) == asleep)
            {
                return true;
            }
        }
        return false;
    }

    private static void TakeAll()
    {
        int done = 0;
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int next = (int)(state & Mask);
            if (next >= (int)((state >> Bits) & Mask))
            {
                break;
            }
            // Who wins a piece of a work holds it up until the piece is done: the work does not change meanwhile.
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
            {
                _work!.Do(next);
                done++;
                Interlocked.Increment(ref _done);
            }
        }
    }
}
