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
    private const uint LoadedSegment = 1;
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int SectionSize = 64;
    private const int EntrySize = 16;

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
        UInt128 end = End(file, header);
        if (end > (ulong)file.Length)
        {
            throw Damaged(path, $"is cut off: it has {file.Length:N0} bytes, and its tables say that there are {end:N0}");
        }
    }

    /// <summary>Marks the version as optional.</summary>
    /// <param name="image">The library's bytes, changed in place.</param>
    /// <param name="path">What to call the library in a message.</param>
    /// <exception cref="NativeBackendException">The library is damaged, or does not ask for the version exactly once.</exception>
    public static void MakeVersionOptional(byte[] image, string path)
    {
        int marked;
        try
        {
            marked = Mark(image);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw Damaged(path, "has tables that point outside of it");
        }
        if (marked != 1)
        {
            throw Damaged(path, $"asks for {NewestLibraryVersion} {marked} times, expected once");
        }
    }

    // Where the section table and each loaded segment end: tools that change a library may put its tables anywhere.
    private static UInt128 End(FileStream file, ReadOnlySpan<byte> header)
    {
        UInt128 end = (UInt128)U64(header, 0x28) + (uint)(U16(header, 0x3A) * U16(header, 0x3C));
        Span<byte> segment = stackalloc byte[SegmentSize];
        for (int i = 0; i < U16(header, 0x38); i++)
        {
            UInt128 at = (UInt128)U64(header, 0x20) + (uint)(i * SegmentSize);
            if (at + SegmentSize > (ulong)file.Length)
            {
                return UInt128.Max(end, at + SegmentSize);
            }
            RandomAccess.Read(file.SafeFileHandle, segment, (long)at);
            if (U32(segment, 0) == LoadedSegment)
            {
                end = UInt128.Max(end, (UInt128)U64(segment, 0x08) + U64(segment, 0x20));
            }
        }
        return end;
    }

    private static int Mark(byte[] image)
    {
        ReadOnlySpan<byte> bytes = image;
        if (bytes.Length < HeaderSize || !IsElf(bytes))
        {
            return 0;
        }
        ArgumentOutOfRangeException.ThrowIfNotEqual(U16(bytes, 0x3A), SectionSize);
        int marked = 0;
        // Entries do not overlap, so there cannot be more of them; tables that run in circles end here.
        int entriesLeft = bytes.Length / EntrySize;
        for (int i = 0; i < U16(bytes, 0x3C); i++)
        {
            ReadOnlySpan<byte> section = Section(bytes, i);
            if (U32(section, 0x04) == VersionNeedSection)
            {
                int names = checked((int)U64(Section(bytes, Int(section, 0x28)), 0x18));
                marked += MarkEntries(image, checked((int)U64(section, 0x18)), names, ref entriesLeft);
            }
        }
        return marked;
    }

    // A chain of needed files (Verneed), each with a chain of versions (Vernaux); a distance of 0 ends a chain.
    private static int MarkEntries(byte[] image, int need, int names, ref int entriesLeft)
    {
        int marked = 0;
        for (int toNeed = 0; ; )
        {
            need = checked(need + toNeed);
            int version = checked(need + Int(image, need + 8));
            for (int toVersion = 0; ; )
            {
                ArgumentOutOfRangeException.ThrowIfNegative(--entriesLeft);
                version = checked(version + toVersion);
                if (NameIs(image, checked(names + Int(image, version + 8)), NewestLibraryVersion))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(version + 4), (ushort)(U16(image, version + 4) | WeakFlag));
                    marked++;
                }
                if ((toVersion = Int(image, version + 12)) == 0)
                {
                    break;
                }
            }
            if ((toNeed = Int(image, need + 12)) == 0)
            {
                return marked;
            }
        }
    }

    private static ReadOnlySpan<byte> Section(ReadOnlySpan<byte> bytes, int index) =>
        bytes.Slice(checked((int)U64(bytes, 0x28) + index * SectionSize), SectionSize);

    private static bool NameIs(ReadOnlySpan<byte> bytes, int at, string name) =>
        bytes.Slice(at, name.Length).SequenceEqual(Encoding.ASCII.GetBytes(name)) && bytes[at + name.Length] == 0;

    private static bool IsElf(ReadOnlySpan<byte> bytes) => bytes[..4].SequenceEqual("\u007fELF"u8) && bytes[4] == 2 && bytes[5] == 1;

    private static int Int(ReadOnlySpan<byte> bytes, int at) => checked((int)U32(bytes, at));

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static NativeBackendException Damaged(string path, string what) =>
        new($"The native library '{path}' {what}. Restore the packages anew and rebuild.");
}
