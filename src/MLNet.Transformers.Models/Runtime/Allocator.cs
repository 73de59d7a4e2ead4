using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// By default glibc gives every freed tensor above 32 MB, and many below, back to the kernel, which then clears each page again at the next
/// allocation. Here large blocks come from the heap too, and the heap is kept. It is the process's one allocator, hence the switch.
/// </summary>
internal static partial class Allocator
{
    /// <summary>Leaves the allocator alone.</summary>
    public static readonly ProcessSwitch Keep = new("MLNET_TRANSFORMERS_KEEP_ALLOCATOR", "MLNet.Transformers.KeepAllocator");

    // malloc.h
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    private const int Large = 1 << 30;
    private const int Pad = 64 << 20;

    /// <summary>Tunes it where the process uses glibc and nothing says otherwise.</summary>
    /// <returns>What to tell the log, or null where nothing was changed.</returns>
    public static string? Tune() => Tune(Keep.IsOn);

    internal static string? Tune(bool leaveAlone)
    {
        if (leaveAlone || !OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _))
        {
            return null;
        }
        bool set = Mallopt(MmapMax, 0) == 1 && Mallopt(TrimThreshold, Large) == 1 && Mallopt(TopPad, Pad) == 1;
        return set
            ? $"The memory allocator of this process keeps freed memory for the next tensors, which is faster. To leave it alone {Keep.HowTo}."
            : null;
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
