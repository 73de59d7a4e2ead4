using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>Every piece is done once, whoever does it.</summary>
public class WorkTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Every_piece_of_every_work_is_done_once(int threads)
    {
        for (int run = 0; run < 20_000; run++)
        {
            var work = new Counting(1 + (run % 17));
            WorkTeam.Run(work, work.Done.Length, threads);
            Assert.All(work.Done, done => Assert.Equal(1, done));
        }
    }

    [Fact]
    public void A_team_that_slept_wakes_up()
    {
        for (int run = 0; run < 20; run++)
        {
            var work = new Counting(64);
            WorkTeam.Run(work, 64, threads: 64);
            Assert.All(work.Done, done => Assert.Equal(1, done));
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void Several_callers_share_the_team()
    {
        Parallel.For(0, 8, _ =>
        {
            for (int run = 0; run < 3000; run++)
            {
                var work = new Counting(9);
                WorkTeam.Run(work, 9, threads: 64);
                Assert.All(work.Done, done => Assert.Equal(1, done));
            }
        });
    }

    [Fact]
    public void Pauses_of_any_length_lose_nothing()
    {
        // About as long as helpers wait before they sleep.
        for (int run = 0; run < 30_000; run++)
        {
            Thread.SpinWait(run % 4500);
            var work = new Counting(3);
            WorkTeam.Run(work, 3, threads: 64);
            Assert.All(work.Done, done => Assert.Equal(1, done));
        }
    }

    [Fact]
    public void An_error_of_a_piece_reaches_the_caller_after_all_pieces()
    {
        for (int run = 0; run < 500; run++)
        {
            var work = new Failing(12);
            Assert.Equal("piece 5", Assert.Throws<InvalidOperationException>(() => WorkTeam.Run(work, 12, threads: 64)).Message);
            Assert.InRange(work.Begun, 6, 12);
        }
    }

    [Fact]
    public void Work_within_a_piece_is_done_by_its_thread()
    {
        var work = new Nested();

        WorkTeam.Run(work, 6, threads: 64);

        Assert.Equal(6 * 4, work.Done);
    }

    private sealed class Failing(int pieces) : IPieces
    {
        private int _begun;

        public int Begun => Math.Min(_begun, pieces);

        public void Do(int piece)
        {
            Interlocked.Increment(ref _begun);
            if (piece == 5)
            {
                throw new InvalidOperationException("piece 5");
            }
        }
    }

    private sealed class Nested : IPieces
    {
        private int _done;

        public int Done => _done;

        public void Do(int piece)
        {
            var inner = new Counting(4);
            WorkTeam.Run(inner, 4, threads: 64);
            Interlocked.Add(ref _done, inner.Done.Sum());
        }
    }

    private sealed class Counting(int pieces) : IPieces
    {
        public int[] Done { get; } = new int[pieces];

        public void Do(int piece) => Interlocked.Increment(ref Done[piece]);
    }
}
