using System.IO.Compression;
using System.IO.Hashing;

namespace MLNet.Transformers.Interop;

/// <summary>
/// An entry of a zip, read forwards only. .NET's reader leaves the entry's checksum aside, so that weights with changed bits would load and
/// predict other numbers: here it is worked out from what passes by.
/// </summary>
internal sealed class ChecksumStream(ZipArchiveEntry entry) : Stream
{
    private readonly Stream _content = entry.Open();
    private readonly Crc32 _checksum = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on to the end: is the content another than that of which the zip keeps the checksum?</summary>
    public bool IsDamaged()
    {
        try
        {
            CopyTo(Null);
            return _checksum.GetCurrentHashAsUInt32() != entry.Crc32;
        }
        catch (InvalidDataException)
        {
            // What cannot be decompressed.
            return true;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int count = _content.Read(buffer);
        _checksum.Append(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }
        base.Dispose(disposing);
    }
}
