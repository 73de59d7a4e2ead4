using System.Collections.Concurrent;
using MLNet.Transformers.Prediction;

namespace MLNet.Transformers.Tests.Prediction;

/// <summary>Rows that several threads ask for are answered together, each with its own answer.</summary>
public class RowGathererTests
{
    [Fact]
    public void A_row_alone_is_answered_by_its_own_thread_at_once()
    {
        var gatherer = new RowGatherer<int, int>(8);
        int thread = 0;

        int answer = gatherer.Answer(5, rows =>
        {
            thread = Environment.CurrentManagedThreadId;
            return Array.ConvertAll(rows, row => row * 10);
        });

        Assert.Equal((50, Environment.CurrentManagedThreadId), (answer, thread));
    }

    [Fact]
    public async Task Rows_that_come_while_the_network_is_busy_are_one_batch()
    {
        const int Others = 11, Most = 8;
        var gatherer = new RowGatherer<int, int>(Most);
        var batches = new ConcurrentQueue<int[]>();
        using var hold = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        Task<int> first = Ask(0, hold: true);
        held.Wait(TestContext.Current.CancellationToken);
        Task<int>[] others = [.. Enumerable.Range(1, Others).Select(row => Ask(row, hold: false))];
        while (gatherer.Waiting < Others)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        hold.Set();

        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, Others).Select(row => row * 10), await Task.WhenAll(others));
        Assert.Equal([1, Most, Others - Most], batches.Select(batch => batch.Length));

        Task<int> Ask(int row, bool hold) => Task.Factory.StartNew(() => gatherer.Answer(row, rows => Compute(rows, hold)), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        int[] Compute(int[] rows, bool waits)
        {
            batches.Enqueue(rows);
            if (waits)
            {
                held.Set();
                hold.Wait();
            }
            return Array.ConvertAll(rows, row => row * 10);
        }
    }

    [Fact]
    public void Each_row_gets_its_own_answer_or_its_own_error()
    {
        var gatherer = new RowGatherer<int, int>(16);
        int together = 0;

        Parallel.For(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, row =>
        {
            if (row % 10 == 3)
            {
                Assert.Equal($"{row}", Assert.Throws<InvalidOperationException>(() => gatherer.Answer(row, Compute)).Message);
            }
            else
            {
                Assert.Equal(row * 10, gatherer.Answer(row, Compute));
            }
        });

        Assert.True(together > 0);

        int[] Compute(int[] rows)
        {
            Thread.Sleep(1);
            Interlocked.Add(ref together, rows.Length > 1 ? 1 : 0);
            return Array.ConvertAll(rows, row => row % 10 == 3 ? throw new InvalidOperationException($"{row}") : row * 10);
        }
    }
}
