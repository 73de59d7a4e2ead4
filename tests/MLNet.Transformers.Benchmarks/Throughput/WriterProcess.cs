using System.Diagnostics;
using System.Globalization;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>What a writer took for one text.</summary>
/// <param name="Reading">Seconds until the prompt was read and the first token chosen.</param>
/// <param name="Writing">Seconds for the tokens behind it.</param>
internal readonly record struct WritingTime(double Reading, double Writing);

/// <summary>
/// A process that has a network in memory and writes the same text each time it is told to, so that contenders whose threads would be in each other's way
/// take turns. It ends when its standard input closes.
/// </summary>
internal sealed class WriterProcess : IDisposable
{
    /// <summary>The command line's word for being a writer.</summary>
    public const string Verb = "writer";

    private const string Ready = "ready";

    private readonly Process _process;

    /// <summary>Starts it, and waits until its network is in memory and has written once.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="arguments">What follows the verb on its command line.</param>
    public WriterProcess(string name, params IReadOnlyList<string> arguments)
    {
        Name = name;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Started as `dotnet FILE.dll`, the program is its first argument.
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        foreach (string argument in program.Append(Verb).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }
        _process = Process.Start(start)!;
        string? line;
        while ((line = _process.StandardOutput.ReadLine()) != Ready)
        {
            if (line is null)
            {
                throw new InvalidOperationException($"The writer '{name}' ended before it was ready.");
            }
        }
    }

    public string Name { get; }

    /// <summary>Bytes that are its own and in memory: without files that are mapped.</summary>
    public double PrivateMegabytes => File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024 : 0;

    /// <summary>Lets it write once.</summary>
    /// <returns>What it took, and a number that stands for its text.</returns>
    public (WritingTime Time, string Text) Write()
    {
        _process.StandardInput.WriteLine();
        string[] parts = _process.StandardOutput.ReadLine()!.Split('\t');
        return (new(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture)), parts[2]);
    }

    /// <summary>Is the writer: writes once for each line of standard input.</summary>
    /// <param name="write">Writes and gives what <see cref="Write"/> does.</param>
    public static void Serve(Func<(WritingTime Time, string Text)> write)
    {
        write();
        Console.WriteLine(Ready);
        while (Console.ReadLine() is not null)
        {
            (WritingTime time, string text) = write();
            Console.WriteLine(FormattableString.Invariant($"{time.Reading:R}\t{time.Writing:R}\t{text}"));
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
