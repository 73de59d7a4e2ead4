using System.Collections.Concurrent;

namespace MLNet.Transformers.Training;

/// <summary>Reads a few items ahead on another thread.</summary>
internal static class ReadAhead
{
    /// <summary>The items. What fails is thrown where its item would come; the source is left when this is left.</summary>
    /// <param name="items">Read on the other thread alone.</param>
    /// <param name="count">Most items that wait.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, int count)
    {
        using var stop = new CancellationTokenSource();
        using var ahead = new BlockingCollection<T>(count);
        Task reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (T item in ahead.GetConsumingEnumerable())
            {
                yield return item;
            }
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }

        void Read()
        {
            try
            {
                foreach (T item in items)
                {
                    ahead.Add(item, stop.Token);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nobody reads on.
            }
            finally
            {
                ahead.CompleteAdding();
            }
        }
    }
}
