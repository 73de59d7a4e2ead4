using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLNet.Transformers.Interop;

/// <summary>
/// Finds out where a model file that could not be loaded is damaged. A zip's directory stands at its end: of a file that was cut off ML.NET can say
/// no more than that it is none. But each entry has a header before it as well, from which can be told how far the file goes.
/// </summary>
internal static class ModelFileDamage
{
    // What ML.NET writes for each part of a model.
    private const string HeaderEntry = "Model.key";

    // The header of an entry (APPNOTE.TXT of the format, 4.3.7): its length without the name and the extra fields, and where what stands in it.
    private const int HeaderLength = 30, SizeAt = 18, NameLengthAt = 26, ExtraLengthAt = 28;
    private const uint EntrySignature = 0x04034b50, DirectorySignature = 0x02014b50;
    // Of an entry whose size is in an extra field of eight bytes (4.5.3), behind the size before compression.
    private const uint LargeSize = uint.MaxValue;
    private const int LargeSizesId = 1, LargeCompressedSizeAt = 12;

    /// <summary>What is wrong, as a sentence without its point; null: nothing.</summary>
    public static string? Find(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            ZipArchiveEntry? damaged = zip.Entries.FirstOrDefault(IsDamaged);
            return damaged is not null ? $"its entry '{damaged.FullName}' does not match its checksum"
                : zip.Entries.All(entry => entry.Name != HeaderEntry) ? $"it is a zip without a model of ML.NET: it has no entry '{HeaderEntry}'"
                : null;
        }
        catch (InvalidDataException)
        {
            return FindEnd(file);
        }
    }

    private static bool IsDamaged(ZipArchiveEntry entry)
    {
        try
        {
            using var stream = new ChecksumStream(entry);
            return stream.IsDamaged();
        }
        catch (InvalidDataException)
        {
            // No entry stands where the directory says.
            return true;
        }
    }

    private static string FindEnd(FileStream file)
    {
        string? last = null;
        var header = new byte[HeaderLength];
        for (long position = 0; ;)
        {
            file.Position = position;
            int read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            uint signature = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (read == HeaderLength && signature == DirectorySignature)
            {
                return "its directory, behind the entries, is damaged or cut off";
            }
            if (read < HeaderLength || signature != EntrySignature)
            {
                return last is null ? "it does not begin as a zip file does"
                    : read < HeaderLength ? $"it ends behind the entry '{last}'" : $"it is damaged within or behind the entry '{last}'";
            }
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(NameLengthAt));
            var nameAndExtra = new byte[nameLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(ExtraLengthAt))];
            file.ReadAtLeast(nameAndExtra, nameAndExtra.Length, throwOnEndOfStream: false);
            last = Encoding.UTF8.GetString(nameAndExtra.AsSpan(0, nameLength));
            position += HeaderLength + nameAndExtra.Length + Size(header, nameAndExtra.AsSpan(nameLength));
            if (position > file.Length)
            {
                return $"it ends within the entry '{last}'";
            }
        }
    }

    private static long Size(ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[SizeAt..]);
        return size == LargeSize && extra.Length >= LargeCompressedSizeAt + sizeof(long) && BinaryPrimitives.ReadUInt16LittleEndian(extra) == LargeSizesId
            ? Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(extra[LargeCompressedSizeAt..]), 0, long.MaxValue / 2)
            : size;
    }
}
