using System.Diagnostics;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using TorchSharp;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>What happens at the first use in a process: each case starts one, which runs the explicit test of this class and nothing else.</summary>
public sealed class NativeBackendProcessTests(ITestOutputHelper output)
{
    private const int Processes = 4;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    /// <summary>What a child process does.</summary>
    [Fact(Explicit = true)]
    public void FirstUse()
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
    public async Task StartsInSeveralProcessesAtOnceOnAnEmptyCache()
    {
        using var cache = new TemporaryFolder();

        string[] said = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => RunAsync(ThisProgram, expectFailure: false, ("XDG_CACHE_HOME", cache.Folder))));

        Assert.All(said, text => Assert.Contains("sum = 3", text, StringComparison.Ordinal));
        Assert.True(Directory.EnumerateFiles(cache.Folder, "*", SearchOption.AllDirectories).Count() <= 1, "Something besides the one copy was left.");
    }

    [Fact]
    public async Task StartsWhereNoFolderCanBeWrittenAndLeavesTheAllocatorAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux needs a cache.");

        string said = await RunAsync(
            ThisProgram, expectFailure: false, ("XDG_CACHE_HOME", "/proc/none"), ("HOME", "/proc/none"), ("TMPDIR", "/proc/none"), (Allocator.Variable, "1"));

        Assert.Contains("sum = 3", said, StringComparison.Ordinal);
        Assert.DoesNotContain("allocator", said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task NamesThePackageWhereNoneIsReferenced()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsManaged))
        {
            File.Copy(path, folder.File(Path.GetFileName(path)));
        }
        if (NativeFiles.OfApplication().Find("libLibTorchSharp.so") is { } binding)
        {
            File.Copy(binding, folder.File(Path.GetFileName(binding)));
        }

        string said = await RunAsync(folder.File(Path.GetFileName(ThisProgram)), expectFailure: true);

        Assert.Contains($"NativeBackendException: {NativeFiles.MissingMessage}", said, StringComparison.Ordinal);
        Assert.Contains("again: True", said, StringComparison.Ordinal);

        // The list of dependencies would lead the host to the packages' own folders.
        static bool IsManaged(string path) => Path.GetExtension(path) == ".dll" || path.EndsWith(".runtimeconfig.json", StringComparison.Ordinal);
    }

    private static string ThisProgram => typeof(NativeBackendProcessTests).Assembly.Location;

    private static async Task<string> RunAsync(string program, bool expectFailure, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Not the repository: the child writes nothing there.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string argument in (string[])[program, "-explicit", "only", "-method", $"{typeof(NativeBackendProcessTests).FullName}.{nameof(FirstUse)}", "-showLiveOutput", "-noColor"])
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> written = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(_patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        string said = await written + await errors;
        Assert.True(process.ExitCode != 0 == expectFailure, said);
        return said;
    }
}
