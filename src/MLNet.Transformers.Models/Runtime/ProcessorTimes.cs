using System.Diagnostics;
using System.Globalization;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>What the processor has worked since the system's start, on the cores that this process may use.</summary>
/// <param name="Timestamp">When this was, as <see cref="Stopwatch.GetTimestamp"/> counts.</param>
/// <param name="Busy">Work of all processes.</param>
/// <param name="Own">Work of this process.</param>
internal readonly record struct ProcessorTimes(long Timestamp, TimeSpan Busy, TimeSpan Own)
{
    // USER_HZ, the unit of /proc/stat, is 100 on every processor that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>Reads them from Linux.</summary>
    /// <param name="cores">Numbers of the cores, as <see cref="AllowedCores"/> gives them.</param>
    /// <returns>Null where /proc/stat cannot be read or is something else.</returns>
    public static ProcessorTimes? Read(IReadOnlySet<int> cores)
    {
        try
        {
            TimeSpan busy = BusyTime(File.ReadLines("/proc/stat"), cores);
            return new ProcessorTimes(Stopwatch.GetTimestamp(), busy, Environment.CpuUsage.TotalTime);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>How many cores other processes kept busy on average since an earlier reading; at least 0.</summary>
    public double OthersSince(ProcessorTimes earlier) =>
        Math.Max(0, (Busy - earlier.Busy - (Own - earlier.Own)) / Stopwatch.GetElapsedTime(earlier.Timestamp, Timestamp));

    /// <summary>The cores that this process may use (sched_getaffinity, a cpuset), from the lines of /proc/self/status.</summary>
    internal static HashSet<int> AllowedCores(IEnumerable<string> status)
    {
        const string Key = "Cpus_allowed_list:";
        string list = status.FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..] ?? "";
        var cores = new HashSet<int>();
        foreach (string range in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int[] ends = [.. range.Split('-').Select(Number)];
            cores.UnionWith(Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
        }
        return cores;
    }

    // "cpu1 USER NICE SYSTEM IDLE IOWAIT IRQ …": a line a core, before all other lines. Waiting, interrupts and what a hypervisor takes are no process's work.
    internal static TimeSpan BusyTime(IEnumerable<string> stat, IReadOnlySet<int> cores)
    {
        long ticks = 0;
        foreach (string line in stat.TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)))
        {
            string[] fields = line.Split(' ');
            if (fields is [{ Length: > 3 } name, string user, string nice, string system, ..] && cores.Contains(Number(name[3..])))
            {
                ticks += long.Parse(user, CultureInfo.InvariantCulture) + long.Parse(nice, CultureInfo.InvariantCulture) + long.Parse(system, CultureInfo.InvariantCulture);
            }
        }
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
