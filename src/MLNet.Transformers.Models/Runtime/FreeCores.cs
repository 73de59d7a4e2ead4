namespace MLNet.Transformers.Models.Runtime;

/// <summary>How many cores this process can count on: those it may use, less those that other processes keep busy.</summary>
/// <param name="cores">Numbers of the cores that it may use.</param>
/// <param name="most">Most cores: a container's quota may allow less than there are.</param>
internal sealed class FreeCores(IReadOnlySet<int> cores, int most)
{
    // Linux counts in hundredths of a second: shorter looks would see little but rounding.
    private const int MillisecondsBetweenLooks = 100;

    private readonly Lock _looking = new();
    private readonly TakenCores _others = new();
    private ProcessorTimes? _last;
    private long _nextLook;
    private volatile int _taken;

    /// <summary>Those of this process, or null where the system does not tell.</summary>
    public static FreeCores? OfThisProcess()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/status"))
        {
            return null;
        }
        HashSet<int> cores = ProcessorTimes.AllowedCores(File.ReadLines("/proc/self/status"));
        // .NET knows the affinity mask and the quota of both kinds of cgroups.
        return cores.Count > 1 ? new FreeCores(cores, Environment.ProcessorCount) : null;
    }

    /// <summary>The number now, at least 1. Costs a look at the clock, and ten times a second one at /proc/stat.</summary>
    public int Count
    {
        get
        {
            if (Environment.TickCount64 >= Volatile.Read(ref _nextLook) && _looking.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    _looking.Exit();
                }
            }
            return Math.Clamp(cores.Count - _taken, 1, most);
        }
    }

    private void Look()
    {
        Volatile.Write(ref _nextLook, Environment.TickCount64 + MillisecondsBetweenLooks);
        ProcessorTimes? now = ProcessorTimes.Read(cores);
        if (_last is { } before && now is { } after)
        {
            _others.Add(after.OthersSince(before));
            _taken = _others.Count;
        }
        _last = now;
    }
}
