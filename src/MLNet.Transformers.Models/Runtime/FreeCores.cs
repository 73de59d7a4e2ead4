namespace MLNet.Transformers.Models.Runtime;

/// <summary>How many cores this process can count on: those it may use, less those that other processes keep busy.</summary>
/// <param name="cores">Cores that it may run on.</param>
/// <param name="most">Most cores that it may fill: a container's quota may be lower than its cores.</param>
/// <param name="read">Reads what the cores have worked; null where the system does not tell.</param>
internal sealed class FreeCores(int cores, int most, Func<ProcessorTimes?> read)
{
    // Linux counts in hundredths of a second: shorter looks would see little but rounding.
    private const int MillisecondsBetweenLooks = 100;

    private readonly Lock _looking = new();
    private readonly TakenCores _others = new();
    private ProcessorTimes? _last;
    private long _nextLook;
    private volatile int _taken;

    /// <summary>Those of this process; null where the system does not tell, or there is nothing to divide.</summary>
    public static FreeCores? OfThisProcess()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/status"))
        {
            return null;
        }
        HashSet<int> cores = ProcessorTimes.AllowedCores(File.ReadLines("/proc/self/status"));
        // .NET knows the quota of both kinds of cgroups; libtorch does not.
        return cores.Count > 1 ? new FreeCores(cores.Count, Environment.ProcessorCount, () => ProcessorTimes.Read(cores)) : null;
    }

    /// <summary>The number now, at least 1. Costs a look at the clock, and up to ten times a second one at /proc/stat.</summary>
    public int Count
    {
        get
        {
            if (Environment.TickCount64 >= Volatile.Read(ref _nextLook) && _looking.TryEnter())
            {
                try
                {
                    Look();
                    Volatile.Write(ref _nextLook, Environment.TickCount64 + MillisecondsBetweenLooks);
                }
                finally
                {
                    _looking.Exit();
                }
            }
            return Math.Clamp(cores - _taken, 1, most);
        }
    }

    internal void Look()
    {
        ProcessorTimes? now = read();
        if (_last is { } before && now is { } after)
        {
            _others.Add(after.OthersSince(before));
            _taken = _others.Count;
        }
        _last = now;
    }
}
