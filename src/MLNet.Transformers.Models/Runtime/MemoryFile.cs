using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>A file in memory that has a path as long as it is not disposed: the last place for a library where no folder will do.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class MemoryFile(string name) : IDisposable
{
    // linux/memfd.h
    private const uint CloseOnExec = 1;

    private SafeFileHandle? _handle;

    /// <summary>Writes the content, once, and gives the path.</summary>
    public string Write(ReadOnlySpan<byte> content)
    {
        int descriptor = Create(name, CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(_handle, content, 0);
        return $"/proc/self/fd/{descriptor}";
    }

    public void Dispose() => _handle?.Dispose();

    [LibraryImport("libc.so.6", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Create(string name, uint flags);
}
