using System.Diagnostics;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class FreeCoresTests
{
    [Theory]
    [InlineData(8, 8, 0.0, 8)]
    [InlineData(8, 8, 3.0, 5)]
    [InlineData(2, 2, 1.0, 1)]
    [InlineData(2, 2, 2.0, 1)]
    [InlineData(64, 4, 10.0, 4)]
    [InlineData(64, 4, 62.0, 2)]
    public void Are_those_that_others_leave_within_the_quota(int cores, int quota, double busy, int free) =>
        Assert.Equal(free, AfterLooks(cores, quota, At(0, 0), At(1, busy), At(2, 2 * busy)).Count);

    [Fact]
    public void Are_all_before_there_is_anything_to_compare() => Assert.Equal(2, AfterLooks(2, 2, At(0, 5)).Count);

    [Fact]
    public void Are_all_where_the_system_does_not_tell() => Assert.Equal(2, AfterLooks(2, 2, null, null, null).Count);

    [Fact]
    public void A_reading_that_is_missing_is_not_compared_with() => Assert.Equal(2, AfterLooks(2, 2, At(0, 0), null, At(2, 2)).Count);

    [Fact]
    public void The_system_is_asked_ten_times_a_second_at_most()
    {
        int asked = 0;
        var free = new FreeCores(2, 2, () =>
        {
            asked++;
            return null;
        });
        var clock = Stopwatch.StartNew();
        do
        {
            Assert.Equal(2, free.Count);
        }
        while (clock.ElapsedMilliseconds < 250);

        Assert.InRange(asked, 2, 1 + (int)(clock.ElapsedMilliseconds / 90));
    }

    [Fact]
    public void Of_this_process_are_at_most_what_it_may_use()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "There is nothing to divide.");

        Assert.InRange(FreeCores.OfThisProcess()!.Count, 1, Environment.ProcessorCount);
    }

    private static FreeCores AfterLooks(int cores, int quota, params ProcessorTimes?[] readings)
    {
        var queue = new Queue<ProcessorTimes?>(readings);
        var free = new FreeCores(cores, quota, () => queue.TryDequeue(out ProcessorTimes? next) ? next : null);
        foreach (ProcessorTimes? _ in readings)
        {
            free.Look();
        }
        return free;
    }

    private static ProcessorTimes At(double second, double busySeconds) =>
        new((long)(second * Stopwatch.Frequency), TimeSpan.FromSeconds(busySeconds), TimeSpan.Zero);
}
