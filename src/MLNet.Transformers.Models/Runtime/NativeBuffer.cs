using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Memory outside of the collector's heap, zeroed, on the boundary that the widest vectors want.</summary>
internal sealed unsafe partial class NativeBuffer : SafeHandle
{
    // A cache line, and the width of the widest vector.
    private const int Alignment = 64;

    // Of x64 and of most ARM systems. What is streamed through at memory's speed looks up a page every 4 KB otherwise.
    private const int LargePage = 2 << 20;
    private const int AdviseLargePages = 14;

    /// <param name="bytes">How many.</param>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public NativeBuffer(long bytes)
        : base(0, ownsHandle: true)
    {
        Bytes = bytes;
        bool large = bytes >= 2 * LargePage;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, Alignment), (nuint)(large ? LargePage : Alignment)));
        if (large && OperatingSystem.IsLinux())
        {
            // Advice: where the system does not take it, nothing is lost.
            _ = Advise(handle, (nuint)bytes, AdviseLargePages);
        }
        NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    public long Bytes { get; }

    public byte* Pointer => (byte*)handle;

    public override bool IsInvalid => handle == 0;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
