using System.Buffers.Binary;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Reads little-endian values of a file one after the other, never beyond an end.</summary>
/// <param name="file">The file.</param>
/// <param name="position">Where to begin.</param>
/// <param name="end">The first byte that is not read.</param>
/// <param name="malformed">Makes an error of what is wrong with the file.</param>
internal sealed class FileCursor(MappedFile file, long position, long end, Func<string, CheckpointException> malformed)
{
    public long Position { get; private set; } = position;

    public long Remaining => end - Position;

    /// <summary>An error that says what is wrong with the file.</summary>
    public CheckpointException Malformed(string what) => malformed(what);

    public byte Byte() => Bytes(sizeof(byte))[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    /// <summary>The next bytes, where they lie in the file.</summary>
    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)Remaining || count > int.MaxValue)
        {
            throw Malformed($"{count:N0} bytes are needed from byte {Position:N0} on, but only {Remaining:N0} follow; it is cut off or damaged");
        }
        ReadOnlySpan<byte> bytes = file.Span(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    /// <summary>Passes over bytes, which may be more than a span can hold.</summary>
    public void Skip(long count, string what)
    {
        if (count > Remaining)
        {
            throw Malformed($"{what} ends {count - Remaining:N0} bytes behind the end of the file");
        }
        Position += count;
    }

    /// <summary>The bytes in front of the next line feed, which is passed over.</summary>
    public ReadOnlySpan<byte> Line(int longest)
    {
        ReadOnlySpan<byte> ahead = file.Span(Position, (int)Math.Min(longest + 1L, Remaining));
        int length = ahead.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Malformed($"no line ends within {longest} bytes from byte {Position:N0}");
        }
        Position += length + 1;
        return ahead[..length];
    }
}
