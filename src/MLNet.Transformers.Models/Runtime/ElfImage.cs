using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// As much of the 64-bit ELF format as is needed to make one required symbol version optional (System V ABI; Linux Standard Base, "Symbol
/// Versioning"): the entry of .gnu.version_r gets the flag VER_FLG_WEAK. The one symbol behind it, std::ios_base_library_init, is a marker that
/// newer compilers leave; it is never called.
/// </summary>
internal static class ElfImage
{
    /// <summary>The version that TorchSharp's binding asks for and that Debian 12, Ubuntu 22.04 and RHEL 9 lack (it came with GCC 13).</summary>
    public const string NewestLibraryVersion = "GLIBCXX_3.4.32";

    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;
    private const int HeaderSize = 64;
    private const int SectionSize = 64;

    /// <summary>Checks that a library is a whole 64-bit little-endian ELF file.</summary>
    /// <exception cref="NativeBackendException">It is cut off or something else.</exception>
    public static void CheckComplete(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !IsElf(header))
        {
            throw Damaged(path, "is no 64-bit ELF library");
        }
        ulong tableEnd = U64(header, 0x28) + (ulong)U16(header, 0x3C) * SectionSize;
        if (tableEnd > (ulong)file.Length)
        {
            throw Damaged(path, $"is cut off: it has {file.Length:N0} bytes, and its section table ends at {tableEnd:N0}");
        }
    }

    /// <summary>Marks the version as optional.</summary>
    /// <param name="image">The library's bytes, changed in place.</param>
    /// <param name="path">What to call the library in a message.</param>
    /// <exception cref="NativeBackendException">The library is damaged, or does not ask for the version exactly once.</exception>
    public static void MakeVersionOptional(byte[] image, string path)
    {
        try
        {
            int marked = Mark(image);
            if (marked != 1)
            {
                throw Damaged(path, $"asks for {NewestLibraryVersion} {marked} times, expected once");
            }
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw Damaged(path, "has tables that point outside of it");
        }
    }

    private static int Mark(byte[] image)
    {
        ReadOnlySpan<byte> bytes = image;
        if (bytes.Length < HeaderSize || !IsElf(bytes))
        {
            return 0;
        }
        int sections = checked((int)U64(bytes, 0x28));
        int marked = 0;
        for (int i = 0; i < U16(bytes, 0x3C); i++)
        {
            ReadOnlySpan<byte> section = bytes.Slice(checked(sections + i * SectionSize), SectionSize);
            if (U32(section, 0x04) == VersionNeedSection)
            {
                int names = checked((int)U64(bytes.Slice(checked(sections + (int)U32(section, 0x28) * SectionSize), SectionSize), 0x18));
                marked += MarkEntries(image, checked((int)U64(section, 0x18)), (int)U32(section, 0x2C), names);
            }
        }
        return marked;
    }

    // A chain of needed files (Verneed), each with a chain of versions (Vernaux).
    private static int MarkEntries(byte[] image, int need, int needs, int names)
    {
        int marked = 0;
        for (int i = 0; i < needs; i++)
        {
            int entry = checked(need + (int)U32(image, need + 8));
            for (int j = 0; j < U16(image, need + 2); j++)
            {
                if (NameIs(image, checked(names + (int)U32(image, entry + 8)), NewestLibraryVersion))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(entry + 4), (ushort)(U16(image, entry + 4) | WeakFlag));
                    marked++;
                }
                entry = checked(entry + (int)U32(image, entry + 12));
            }
            need = checked(need + (int)U32(image, need + 12));
        }
        return marked;
    }

    private static bool NameIs(ReadOnlySpan<byte> bytes, int at, string name) =>
        bytes.Slice(at, name.Length).SequenceEqual(Encoding.ASCII.GetBytes(name)) && bytes[at + name.Length] == 0;

    private static bool IsElf(ReadOnlySpan<byte> bytes) => bytes[..4].SequenceEqual("\u007fELF"u8) && bytes[4] == 2 && bytes[5] == 1;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static NativeBackendException Damaged(string path, string what) =>
        new($"The native library '{path}' {what}. Restore the packages anew and rebuild.");
}
