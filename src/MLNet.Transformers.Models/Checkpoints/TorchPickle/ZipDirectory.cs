using System.Text;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>A file in a zip archive that is stored as it is.</summary>
/// <param name="Offset">Where in the archive its bytes begin.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct ZipEntry(long Offset, long Length);

/// <summary>
/// The directory of a zip archive with stored files, and of archives beyond 4 GB (zip64). .NET's own archive does not say where in the file an entry
/// lies (format: PKWARE's APPNOTE, sections 4.3 and 4.5).
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalHeader = 0x04034b50;
    private const uint DirectoryHeader = 0x02014b50;
    private const uint EndHeader = 0x06054b50;
    private const uint Zip64Locator = 0x07064b50;
    private const uint Zip64EndHeader = 0x06064b50;

    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LocalLength = 30;
    private const ushort Zip64Extra = 1;
    private const ushort Encrypted = 1;

    public static bool IsZip(MappedFile file) => file.Length >= sizeof(uint) && BitConverter.ToUInt32(file.Span(0, sizeof(uint))) == LocalHeader;

    /// <exception cref="CheckpointException">The directory is malformed, or a file is packed, encrypted or outside of the archive.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(MappedFile file)
    {
        (long offset, long length, ulong count) = FindDirectory(file);
        FileCursor cursor = Cursor(file, offset, offset + length);
        var entries = new Dictionary<string, ZipEntry>();
        for (ulong i = 0; i < count; i++)
        {
            (string name, ZipEntry entry) = ReadEntry(file, cursor, offset);
            if (!entries.TryAdd(name, entry))
            {
                throw cursor.Malformed($"its zip archive has the file '{name}' twice");
            }
        }
        return entries;
    }

    private static FileCursor Cursor(MappedFile file, long offset, long end) => new(file, offset, end, what => TorchFile.Malformed(file.Path, what));

    private static (long Offset, long Length, ulong Count) FindDirectory(MappedFile file)
    {
        long at = FindEnd(file);
        FileCursor end = Cursor(file, at + sizeof(uint), file.Length);
        (ushort disk, ushort first) = (end.UInt16(), end.UInt16());
        end.UInt16();
        (ulong count, ulong length, ulong offset) = (end.UInt16(), end.UInt32(), end.UInt32());
        if (count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue)
        {
            (count, length, offset) = ReadZip64End(file, at);
        }
        else if (disk != 0 || first != 0)
        {
            throw end.Malformed("its zip archive is one of several parts");
        }
        return offset <= (ulong)at && length <= (ulong)at - offset
            ? ((long)offset, (long)length, count)
            : throw end.Malformed($"the directory of its zip archive is said to be {length:N0} bytes at byte {offset:N0}, which is outside of the file");
    }

    // The end record is followed by a comment of at most 65,535 bytes.
    private static long FindEnd(MappedFile file)
    {
        int length = (int)Math.Min(file.Length, EndLength + ushort.MaxValue);
        ReadOnlySpan<byte> tail = file.Span(file.Length - length, length);
        int at = tail.LastIndexOf(BitConverter.GetBytes(EndHeader));
        return at >= 0 && tail.Length - at >= EndLength
            ? file.Length - length + at
            : throw TorchFile.Malformed(file.Path, "its zip archive has no directory; the file is cut off");
    }

    private static (ulong Count, ulong Length, ulong Offset) ReadZip64End(MappedFile file, long end)
    {
        FileCursor locator = Cursor(file, Math.Max(0, end - LocatorLength), end);
        if (locator.UInt32() != Zip64Locator)
        {
            throw locator.Malformed("its zip archive says that it is a long one (zip64) but lacks that directory");
        }
        locator.UInt32();
        ulong at = locator.UInt64();
        if (at > (ulong)end)
        {
            throw locator.Malformed($"the directory of its zip archive is said to end at byte {at:N0}, which is outside of the file");
        }
        FileCursor record = Cursor(file, (long)at, end);
        if (record.UInt32() != Zip64EndHeader)
        {
            throw record.Malformed("its zip archive says that it is a long one (zip64) but lacks that directory");
        }
        // Length of the record, versions, numbers of disks, and entries on this disk.
        record.Bytes(28);
        return (record.UInt64(), record.UInt64(), record.UInt64());
    }

    private static (string Name, ZipEntry Entry) ReadEntry(MappedFile file, FileCursor cursor, long directory)
    {
        if (cursor.UInt32() != DirectoryHeader)
        {
            throw cursor.Malformed($"the directory of its zip archive is damaged at byte {cursor.Position - sizeof(uint):N0}");
        }
        cursor.UInt32();
        (ushort flags, ushort method) = (cursor.UInt16(), cursor.UInt16());
        // Time, date and checksum.
        cursor.UInt64();
        (ulong packed, ulong length) = (cursor.UInt32(), cursor.UInt32());
        (ushort nameLength, ushort extraLength, ushort commentLength) = (cursor.UInt16(), cursor.UInt16(), cursor.UInt16());
        // Disk and attributes.
        cursor.UInt64();
        ulong offset = cursor.UInt32();
        string name = Encoding.UTF8.GetString(cursor.Bytes(nameLength));
        ReadZip64(cursor, extraLength, ref length, ref packed, ref offset);
        cursor.Bytes(commentLength);
        if (method != 0 || packed != length || (flags & Encrypted) != 0)
        {
            throw cursor.Malformed($"the file '{name}' of its zip archive is packed or encrypted; expected stored files");
        }
        return (name, Locate(file, name, offset, length, directory));
    }

    private static void ReadZip64(FileCursor cursor, ushort extraLength, ref ulong length, ref ulong packed, ref ulong offset)
    {
        long end = cursor.Position + extraLength;
        while (end - cursor.Position >= 4)
        {
            (ushort id, ushort size) = (cursor.UInt16(), cursor.UInt16());
            long next = cursor.Position + size;
            if (next > end)
            {
                throw cursor.Malformed("the directory of its zip archive has a field beyond its entry");
            }
            if (id == Zip64Extra)
            {
                // Only what did not fit is there, in this order.
                length = length == uint.MaxValue ? cursor.UInt64() : length;
                packed = packed == uint.MaxValue ? cursor.UInt64() : packed;
                offset = offset == uint.MaxValue ? cursor.UInt64() : offset;
            }
            if (next < cursor.Position)
            {
                throw cursor.Malformed("the directory of its zip archive has a field that is too short");
            }
            cursor.Bytes((ulong)(next - cursor.Position));
        }
        cursor.Bytes((ulong)(end - cursor.Position));
    }

    private static ZipEntry Locate(MappedFile file, string name, ulong offset, ulong length, long directory)
    {
        if (offset > (ulong)directory || (ulong)directory - offset < LocalLength)
        {
            throw Outside();
        }
        FileCursor local = Cursor(file, (long)offset, directory);
        if (local.UInt32() != LocalHeader)
        {
            throw local.Malformed($"the file '{name}' of its zip archive is not where the directory says");
        }
        local.Bytes(22);
        long data = (long)offset + LocalLength + local.UInt16() + local.UInt16();
        return data <= directory && length <= (ulong)(directory - data) ? new ZipEntry(data, (long)length) : throw Outside();

        CheckpointException Outside() => TorchFile.Malformed(file.Path, $"the file '{name}' of its zip archive lies outside of the archive");
    }
}
