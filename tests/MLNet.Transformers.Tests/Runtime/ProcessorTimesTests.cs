using System.Diagnostics;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class ProcessorTimesTests
{
    private static readonly string[] _stat =
    [
        "cpu  3500 60 1020 41853 867 0 50 119 0 0",
        "cpu0 1000 50 1000 21849 122 7 4 55 0 0",
        "cpu1 2000 0 0 20004 744 7 45 64 0 0",
        "cpu10 500 10 20 1 1 1 1 1 0 0",
        "intr 888405 0 0",
        "cpu0 9999 9999 9999 0 0 0 0 0 0 0",
    ];

    [Theory]
    [InlineData("Cpus_allowed_list:\t0-1", new[] { 0, 1 })]
    [InlineData("Cpus_allowed_list:\t3", new[] { 3 })]
    [InlineData("Cpus_allowed_list:\t0,2-4, 9", new[] { 0, 2, 3, 4, 9 })]
    [InlineData("Mems_allowed_list:\t0", new int[0])]
    public void Allowed_cores_are_read_from_the_status(string line, int[] cores) =>
        Assert.Equal(cores, ProcessorTimes.AllowedCores(["Name:\tdotnet", "Cpus_allowed:\tff", line, "Threads:\t9"]).Order());

    [Fact]
    public void Work_of_users_and_kernel_is_summed_over_the_allowed_cores_alone()
    {
        Assert.Equal(TimeSpan.FromSeconds(20.5), ProcessorTimes.BusyTime(_stat, new HashSet<int> { 0 }));
        Assert.Equal(TimeSpan.FromSeconds(25.3), ProcessorTimes.BusyTime(_stat, new HashSet<int> { 1, 10 }));
    }

    [Theory]
    [InlineData(2.0, 1.0, 1.0)]
    [InlineData(2.0, 2.0, 0.0)]
    [InlineData(1.9, 2.0, 0.0)]
    [InlineData(1.5, 0.0, 1.5)]
    public void What_others_did_is_what_was_done_less_our_own(double busy, double own, double others)
    {
        var before = new ProcessorTimes(100, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(7));
        var after = new ProcessorTimes(100 + 2 * Stopwatch.Frequency, before.Busy + TimeSpan.FromSeconds(2 * busy), before.Own + TimeSpan.FromSeconds(2 * own));

        Assert.Equal(others, after.OthersSince(before), 6);
    }

    [Fact]
    public void A_process_that_computes_is_not_another()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no /proc.");
        HashSet<int> cores = ProcessorTimes.AllowedCores(File.ReadLines("/proc/self/status"));

        ProcessorTimes before = ProcessorTimes.Read(cores)!.Value;
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 100)
        {
        }
        ProcessorTimes after = ProcessorTimes.Read(cores)!.Value;

        Assert.InRange((after.Own - before.Own).TotalMilliseconds, 10, double.MaxValue);
        Assert.True(after.Busy > before.Busy, "The system counts no work.");
        Assert.InRange(after.OthersSince(before), 0, cores.Count);
    }
}
