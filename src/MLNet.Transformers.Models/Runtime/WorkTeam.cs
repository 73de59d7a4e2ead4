using System.Runtime.ExceptionServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Work in pieces that may be done in any order, and at once.</summary>
internal interface IPieces
{
    /// <summary>Does one piece.</summary>
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
    private static readonly Helper[] _helpers = Start(Environment.ProcessorCount - 1);
    private static IPieces? _work;
    private static Exception? _error;
    private static long _state;
    private static int _wanted;
    private static int _done;

    /// <summary>Does all pieces, and comes back when the last is done.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="pieces">Its pieces, fewer than 2²⁰.</param>
    /// <param name="threads">How many threads may do it, the calling one included.</param>
    public static void Run(IPieces work, int pieces, int threads)
    {
        int wanted = Math.Min(Math.Min(threads, pieces) - 1, _helpers.Length);
        // Who does a piece already does not wait for others.
        if (wanted < 1 || _calling.IsHeldByCurrentThread || !_calling.TryEnter())
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                work.Do(piece);
            }
            return;
        }
        try
        {
            (_work, _error) = (work, null);
            Volatile.Write(ref _wanted, wanted);
            Volatile.Write(ref _done, 0);
            long which = (Volatile.Read(ref _state) >> (2 * Bits)) + 1;
            // Full fence: a helper that is about to sleep either sees the work or is seen asleep.
            Interlocked.Exchange(ref _state, (which << (2 * Bits)) | ((long)pieces << Bits));
            for (int i = 0; i < wanted; i++)
            {
                _helpers[i].Wake();
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
            if (_error is not null)
            {
                ExceptionDispatchInfo.Throw(_error);
            }
        }
        finally
        {
            _work = null;
            _calling.Exit();
        }
    }

    private static Helper[] Start(int count)
    {
        var helpers = new Helper[Math.Max(0, count)];
        for (int i = 0; i < helpers.Length; i++)
        {
            Helper helper = helpers[i] = new Helper(i);
            new Thread(helper.Run) { IsBackground = true, Name = $"{nameof(WorkTeam)} {i + 1}" }.Start();
        }
        return helpers;
    }

    private static void TakeAll()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int next = (int)(state & Mask);
            if (next >= (int)((state >> Bits) & Mask))
            {
                return;
            }
            // Who wins a piece of a work holds it up until the piece is done: the work does not change meanwhile.
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state)
            {
                continue;
            }
            try
            {
                _work!.Do(next);
            }
#pragma warning disable CA1031 // The caller throws it again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }
            Interlocked.Increment(ref _done);
        }
    }

    // Of the helpers those with the lowest numbers are wanted first; the others sleep on.
#pragma warning disable CA1001 // It lives as long as the process.
    private sealed class Helper(int number)
#pragma warning restore CA1001
    {
        private readonly SemaphoreSlim _wake = new(0);
        private int _asleep;

        public void Wake()
        {
            // Who takes the mark away lets it go on: it itself, or the caller.
            if (Volatile.Read(ref _asleep) == 1 && Interlocked.CompareExchange(ref _asleep, 0, 1) == 1)
            {
                _wake.Release();
            }
        }

        public void Run()
        {
            long seen = 0;
            while (true)
            {
                for (int turn = 0; Volatile.Read(ref _state) == seen && turn < TurnsBeforeSleep; turn++)
                {
                    Thread.SpinWait(1);
                }
                if (Volatile.Read(ref _state) == seen || !IsWanted)
                {
                    Sleep(Volatile.Read(ref _state));
                }
                if (IsWanted)
                {
                    TakeAll();
                }
                seen = Volatile.Read(ref _state);
            }
        }

        private bool IsWanted => number < Volatile.Read(ref _wanted);

        private void Sleep(long seen)
        {
            Interlocked.Exchange(ref _asleep, 1);
            bool hasWork = Interlocked.Read(ref _state) != seen && IsWanted;
            if (!hasWork || Interlocked.CompareExchange(ref _asleep, 0, 1) != 1)
            {
                _wake.Wait();
            }
        }
    }
}
