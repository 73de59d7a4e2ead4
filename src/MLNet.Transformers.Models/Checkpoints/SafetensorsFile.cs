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
        (Path, _map, _view, _header, _data) = (path, map, view, header, data);

    public string Path { get; }

    public IReadOnlyCollection<string> Names => [.. _header.Tensors.Keys];

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public bool Holds(string name) => _header.Tensors.ContainsKey(name);

    public TensorEntry this[string name] => _header.Tensors[name].Entry;

    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        NativeBackend.EnsureLoaded();
        if (!File.Exists(path))
        {
            throw new CheckpointException($"There is no file '{path}'.");
        }
        long length = new FileInfo(path).Length;
        byte[] json = ReadHeader(path, length);
        long data = SafetensorsHeader.LengthBytes + json.Length;
        SafetensorsHeader header = SafetensorsHeader.Parse(json, length - data, path);
        MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        return new SafetensorsFile(path, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), header, data);
    }

    public unsafe void CopyTo(string name, Tensor target)
    {
        (TensorEntry entry, long offset) = _header.Tensors[name];
        byte* mapped = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref mapped);
        try
        {
            byte* source = mapped + _view.PointerOffset + _data + offset;
            TensorBytes.Fill(target, entry, (address, length) => Buffer.MemoryCopy(source, (void*)address, length, length));
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

    private static byte[] ReadHeader(string path, long length)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw SafetensorsHeader.Wrong(path, $"it has {length} bytes, fewer than the {SafetensorsHeader.LengthBytes} of the header's length");
        }
        var json = new byte[SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(prefix), length - prefix.Length, path)];
        file.ReadExactly(json);
        return json;
    }
}
