using TorchSharp;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// How many threads libtorch computes with: as many as there are cores that other processes leave, and no more than the user says. libtorch's threads
/// (OpenMP) wait for one another several times in each layer, spinning; where one of them has no core of its own, the others burn whole time slices
/// until it has computed its share.
/// </summary>
internal static class ComputeThreads
{
    /// <summary>Leaves threads and their spinning alone.</summary>
    public static readonly ProcessSwitch Keep = new("MLNET_TRANSFORMERS_KEEP_THREADS", "MLNet.Transformers.KeepThreads");

    private static FreeCores? _free;

    // What any thread was told last is what libtorch begins with on a thread that is new to it.
    private static volatile ThreadNumber _last = ThreadNumber.None;

    [ThreadStatic]
    private static ThreadNumber? _here;

    /// <summary>Begins to watch other processes, where the system tells of them and the user does not say otherwise. After libtorch was loaded.</summary>
    /// <returns>What to tell the log, or null.</returns>
    public static string? Start()
    {
        _last = ThreadNumber.None;
        _free = Keep.IsOn ? null : FreeCores.OfThisProcess();
        return _free is null
            ? null
            : $"libtorch computes with as many threads as other processes leave cores, at most {Math.Min(torch.get_num_threads(), Environment.ProcessorCount)}. To leave their number alone {Keep.HowTo}.";
    }

    /// <summary>
    /// Sets the number for the calling thread where it has to change. OpenMP has one for each thread that starts work, so this stands before the work, as
    /// often as there is any: it costs about as much as a call of libtorch.
    /// </summary>
    /// <returns>The number.</returns>
    public static int Adjust()
    {
        if (_free is null)
        {
            return torch.get_num_threads();
        }
        int found = torch.get_num_threads();
        ThreadNumber number = (_here ?? _last).Next(found, _free.Count);
        if (number.Told != found)
        {
            torch.set_num_threads(number.Told);
        }
        _here = _last = number;
        return number.Told;
    }
}
