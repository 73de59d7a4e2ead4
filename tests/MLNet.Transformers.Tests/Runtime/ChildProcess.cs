using System.Diagnostics;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>Processes that run one explicit test of this program and nothing else.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    public static string ThisProgram => typeof(ChildProcess).Assembly.Location;

    /// <summary>Copies what is managed of this program, and TorchSharp's binding, into a folder: a program whose author forgot the package with libtorch.</summary>
    /// <returns>The program there.</returns>
    public static string CopyWithoutBackend(TemporaryFolder folder)
    {
        foreach (string path in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(IsManaged))
        {
            File.Copy(path, folder.File(Path.GetFileName(path)));
        }
        if (NativeFiles.OfApplication().Find("libLibTorchSharp.so") is { } binding)
        {
            File.Copy(binding, folder.File(Path.GetFileName(binding)));
        }
        return folder.File(Path.GetFileName(ThisProgram));

        // The list of dependencies would lead the host to the packages' own folders.
        static bool IsManaged(string path) => Path.GetExtension(path) == ".dll" || path.EndsWith(".runtimeconfig.json", StringComparison.Ordinal);
    }

    public static Process Start(string program, Type tests, string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Not the repository: the child writes nothing there.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string argument in (string[])[program, "-explicit", "only", "-method", $"{tests.FullName}.{method}", "-showLiveOutput", "-noColor"])
        {
            start.ArgumentList.Add(argument);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it said.</returns>
    public static async Task<string> RunAsync(
        string program, Type tests, string method, bool expectFailure, params (string Name, string Value)[] environment)
    {
        using Process process = Start(program, tests, method, environment);
        string said = await EndAsync(process);
        Assert.True(process.ExitCode != 0 == expectFailure, said);
        return said;
    }

    /// <summary>Waits for the end of a process whose output is redirected; one that takes too long is killed.</summary>
    /// <returns>What it said.</returns>
    public static async Task<string> EndAsync(Process process)
    {
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
        return await written + await errors;
    }
}
