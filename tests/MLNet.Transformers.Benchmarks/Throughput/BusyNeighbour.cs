using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>
/// Another process that computes without end at our priority. It ends with this object, and when this process ends in whatever way: its standard input
/// is a pipe that closes then.
/// </summary>
internal sealed partial class BusyNeighbour : IDisposable
{
    /// <summary>The command line's word for being the neighbour.</summary>
    public const string Verb = "busy";

    private readonly Process _process;

    /// <summary>Starts it and waits until it computes.</summary>
    public BusyNeighbour()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Started as `dotnet FILE.dll`, the program is its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        start.ArgumentList.Add(Verb);
        _process = Process.Start(start)!;
        _process.StandardOutput.ReadLine();
    }

    /// <summary>Is the neighbour: computes on one thread until standard input closes.</summary>
    public static void Run()
    {
        if (OperatingSystem.IsLinux())
        {
            // Kernels that share the processor between sessions (sched_autogroup) then give it half, as they give another user's process or another container.
            _ = NewSession();
        }
        var loop = new Thread(static () =>
        {
            while (true)
            {
            }
        }) { IsBackground = true };
        loop.Start();
        Console.WriteLine("computing");
        while (Console.Read() >= 0)
        {
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [LibraryImport("libc.so.6", EntryPoint = "setsid")]
    private static partial int NewSession();
}
