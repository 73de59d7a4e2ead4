using MLNet.Transformers.Models.Vectors;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>Every piece is done once, whoever does it.</summary>
public class WorkTeamTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_piece_of_every_work_is_done_once(bool alone)
    {
        for (int run = 0; run < 20_000; run++)
        {
            var work = new Counting(1 + (run % 17));
            WorkTeam.Run(work, work.Done.Length, alone);
            Assert.All(work.Done, done => Assert.Equal(1, done));
        }
    }

    [Fact]
    public void A_team_that_slept_wakes_up()
    {
        for (int run = 0; run < 20; run++)
        {
            var work = new Counting(64);
            WorkTeam.Run(work, 64, alone: false);
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
                WorkTeam.Run(work, 9, alone: false);
                Assert.All(work.Done, done => Assert.Equal(1, done));
            }
        });
    }

    private sealed class Counting(int pieces) : IPieces
    {
        public int[] Done { get; } = new int[pieces];

        public void Do(int piece) => Interlocked.Increment(ref Done[piece]);
    }
}
