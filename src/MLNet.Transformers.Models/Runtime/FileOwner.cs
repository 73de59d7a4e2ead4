using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Whose a file is; .NET tells the permissions of a file but not its owner.</summary>
[SupportedOSPlatform("linux")]
internal static partial class FileOwner
{
    // linux/stat.h and linux/fcntl.h; the layout of statx is the same on every processor, which stat's is not.
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int ResultSize = 256;
    private const int UserAt = 20;
    private const int ModeAt = 28;

    // Write permission of group and others.
    private const int WritableByOthers = 0x12;

    /// <summary>Whether this process's user owns a file or folder, and the link to it if it is one, and nobody else has the right to write to it.</summary>
    public static bool IsMineAlone(string path)
    {
        uint me = EffectiveUser();
        return Read(path, NotThroughLinks).User == me && Read(path, 0) is { } target && target.User == me && (target.Mode & WritableByOthers) == 0;
    }

    private static unsafe (uint User, int Mode) Read(string path, int flags)
    {
        Span<byte> result = stackalloc byte[ResultSize];
        fixed (byte* pointer = result)
        {
            if (Stat(CurrentFolder, path, flags, BasicStats, pointer) != 0)
            {
                throw new IOException($"the owner of '{path}' cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        return (BinaryPrimitives.ReadUInt32LittleEndian(result[UserAt..]), BinaryPrimitives.ReadUInt16LittleEndian(result[ModeAt..]));
    }

    [LibraryImport("libc.so.6", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int Stat(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc.so.6", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
