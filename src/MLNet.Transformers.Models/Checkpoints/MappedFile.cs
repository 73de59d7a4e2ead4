using System.IO.MemoryMappedFiles;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>A file mapped into memory: its bytes are read where they lie, and count as the file's pages, not as this process's own memory.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _bytes;

    private MappedFile(string path, FileStream stream)
    {
        (Path, Length, _stream) = (path, stream.Length, stream);
        if (Length == 0)
        {
            // A map of nothing cannot be made.
            return;
        }
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="CheckpointException">There is no such file.</exception>
    public static MappedFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new CheckpointException($"There is no file '{path}'.");
        }
        // One handle for header and data: a file that takes this one's place meanwhile does no harm.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            return new MappedFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the file, valid until it is disposed of.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_bytes is null && Length > 0, this);
        return offset >= 0 && count >= 0 && offset <= Length - count
            ? new ReadOnlySpan<byte>(_bytes + offset, count)
            : throw new ArgumentOutOfRangeException(nameof(offset), $"Bytes {offset} to {offset} + {count} of '{Path}', which has {Length}.");
    }

    /// <summary>Copies bytes of the file.</summary>
    public void Read(long offset, Span<byte> target) => Span(offset, target.Length).CopyTo(target);

    public void Dispose()
    {
        if (_bytes is not null)
        {
            _bytes = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        _view?.Dispose();
        _map?.Dispose();
        _stream.Dispose();
    }
}
