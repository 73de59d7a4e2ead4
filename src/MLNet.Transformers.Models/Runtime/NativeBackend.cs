using TorchSharp;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Loads libtorch once in a process, before its first use: at the first network, tensor or checkpoint.</summary>
internal static class NativeBackend
{
    private static readonly NativeStart _start = new(Start);

    /// <summary>Loads libtorch, or throws what the first attempt threw.</summary>
    /// <exception cref="NativeBackendException">It could not be loaded.</exception>
    public static void EnsureLoaded() => _start.Ensure();

    /// <summary>Messages for the user's log; each is given once.</summary>
    public static IEnumerable<string> TakeMessages() => _start.TakeMessages();

    private static void Start(Action<string> say)
    {
        Tell(SpinLimit.Set());
        if (OperatingSystem.IsLinux())
        {
            LinuxLibraries.Load(NativeFiles.OfApplication(), PrivateCache.Folders(), say);
        }
        torch.InitializeDeviceType(DeviceType.CPU);
        Tell(Allocator.Tune());
        Tell(ComputeThreads.Start());

        void Tell(string? message)
        {
            if (message is not null)
            {
                say(message);
            }
        }
    }
}
