using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using TorchSharp;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>What happens at the first use in a process: each case starts one, which runs the explicit test of this class and nothing else.</summary>
public sealed class NativeBackendProcessTests(ITestOutputHelper output)
{
    private const int Processes = 4;

    /// <summary>What a child process does.</summary>
    [Fact(Explicit = true)]
    public void First_use()
    {
        Exception? first = Record.Exception(NativeBackend.EnsureLoaded);
        if (first is not null)
        {
            Exception? second = Record.Exception(NativeBackend.EnsureLoaded);
            Assert.Fail($"{first.GetType().Name}: {first.Message} | again: {first.GetType() == second?.GetType() && first.Message == second.Message}");
        }
        using torch.Tensor sum = torch.ones(3).sum();
        output.WriteLine($"sum = {sum.item<float>()}; said: {string.Join(" ", NativeBackend.TakeMessages())}");
    }

    [Fact]
    public async Task Starts_in_several_processes_at_once_on_an_empty_cache()
    {
        using var cache = new TemporaryFolder();

        string[] said = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => RunAsync(expectFailure: false, ("XDG_CACHE_HOME", cache.Folder))));

        Assert.All(said, text => Assert.Contains("sum = 3", text, StringComparison.Ordinal));
        Assert.True(Directory.EnumerateFiles(cache.Folder, "*", SearchOption.AllDirectories).Count() <= 1, "Something besides the one copy was left.");
    }

    [Fact]
    public async Task Starts_where_no_folder_can_be_written_and_leaves_the_allocator_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux needs a cache.");

        string said = await RunAsync(
            expectFailure: false, ("XDG_CACHE_HOME", "/proc/none"), ("HOME", "/proc/none"), ("TMPDIR", "/proc/none"), (Allocator.Keep.Variable, "1"));

        Assert.Contains("sum = 3", said, StringComparison.Ordinal);
        Assert.DoesNotContain("allocator", said, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("NOTHING_SET", "1", true, true)]
    [InlineData("GOMP_SPINCOUNT", "300000", false, true)]
    [InlineData("OMP_WAIT_POLICY", "active", false, true)]
    [InlineData("MLNET_TRANSFORMERS_KEEP_THREADS", "1", false, false)]
    public async Task Spinning_and_the_number_of_threads_are_said_once_and_are_the_users_where_he_sets_them(string variable, string value, bool spin, bool number)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "Threads are looked after on Linux, where there are several cores.");

        string said = await RunAsync(expectFailure: false, (variable, value), (SteadyThreads.AsForUsers, "1"));

        Assert.Equal(spin ? 2 : 1, said.Split("GOMP_SPINCOUNT=20000").Length);
        Assert.Equal(number ? 2 : 1, said.Split("as many threads as other processes leave cores").Length);
    }

    [Fact]
    public async Task Names_the_package_where_none_is_referenced()
    {
        using var folder = new TemporaryFolder();
        string said = await ChildProcess.RunAsync(
            ChildProcess.CopyWithoutBackend(folder), typeof(NativeBackendProcessTests), nameof(First_use), expectFailure: true);

        Assert.Contains($"NativeBackendException: {NativeFiles.MissingMessage}", said, StringComparison.Ordinal);
        Assert.Contains("again: True", said, StringComparison.Ordinal);
    }

    private static Task<string> RunAsync(bool expectFailure, params (string Name, string Value)[] environment) =>
        ChildProcess.RunAsync(ChildProcess.ThisProgram, typeof(NativeBackendProcessTests), nameof(First_use), expectFailure, environment);
}
