using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>A safetensors file, memory-mapped: a tensor's bytes are copied once, from the mapped pages to where they are to stay.</summary>
internal sealed class SafetensorsFile : ITensorSource
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafetensorsHeader _header;
    private readonly long _data;

    private SafetensorsFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, SafetensorsHeader header, long data) =>
        (Path, Names, _map, _view, _header, _data) = (path, [.. header.Tensors.Keys], map, view, header, data);

    public string Path { get; }

    public IReadOnlyCollection<string> Names { get; }

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public bool Holds(string name) => _header.Tensors.ContainsKey(name);

    public TensorEntry this[string name] => Find(name).Entry;

    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        NativeBackend.EnsureLoaded();
        if (!File.Exists(path))
        {
            throw new CheckpointException($"There is no file '{path}'.");
        }
        // One handle for header and map: a file that takes this one's place meanwhile does no harm.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            byte[] json = ReadHeader(stream, path);
            long data = stream.Position;
            SafetensorsHeader header = SafetensorsHeader.Parse(json, stream.Length - data, path);
            MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new SafetensorsFile(path, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), header, data);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public unsafe void CopyTo(string name, Tensor target)
    {
        (TensorEntry entry, long offset) = Find(name);
        byte* mapped = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref mapped);
        try
        {
            byte* source = mapped + _view.PointerOffset + _data + offset;
            TensorBytes.Fill(target, entry, Path, (chunk, at) => new ReadOnlySpan<byte>(source + at, chunk.Length).CopyTo(chunk));
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
    }

    private (TensorEntry Entry, long Offset) Find(string name) => _header.Tensors.TryGetValue(name, out (TensorEntry, long) found)
        ? found
        : throw new CheckpointException($"'{Path}' has no tensor '{name}'.");

    private static byte[] ReadHeader(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw SafetensorsHeader.Wrong(path, $"it has {file.Length} bytes, fewer than the {SafetensorsHeader.LengthBytes} of the header's length");
        }
        var json = new byte[SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(prefix), file.Length - prefix.Length, path)];
        file.ReadExactly(json);
        return json;
    }
}
