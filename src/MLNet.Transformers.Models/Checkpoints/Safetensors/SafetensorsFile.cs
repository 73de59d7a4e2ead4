using System.Buffers.Binary;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Safetensors;

/// <summary>A safetensors file, memory-mapped: a tensor's bytes are copied once, from the mapped pages to where they are to stay.</summary>
internal sealed class SafetensorsFile : ITensorSource
{
    private readonly MappedFile _file;
    private readonly SafetensorsHeader _header;
    private readonly long _data;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header, long data) =>
        (Names, _file, _header, _data) = ([.. header.Tensors.Keys], file, header, data);

    public string Path => _file.Path;

    public IReadOnlyCollection<string> Names { get; }

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public TensorEntry this[string name] => Find(name).Entry;

    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        NativeBackend.EnsureLoaded();
        MappedFile file = MappedFile.Open(path);
        try
        {
            (SafetensorsHeader header, long data) = ReadHeader(file);
            return new SafetensorsFile(file, header, data);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void CopyTo(string name, Tensor target)
    {
        (TensorEntry entry, long offset) = Find(name);
        TensorBytes.Fill(target, entry, Path, (chunk, at) => _file.Read(_data + offset + at, chunk));
    }

    public void Dispose() => _file.Dispose();

    private (TensorEntry Entry, long Offset) Find(string name) => _header.Tensors.TryGetValue(name, out (TensorEntry, long) found)
        ? found
        : throw new CheckpointException($"'{Path}' has no tensor '{name}'.");

    private static (SafetensorsHeader Header, long End) ReadHeader(MappedFile file)
    {
        const int Prefix = SafetensorsHeader.LengthBytes;
        if (file.Length < Prefix)
        {
            throw SafetensorsHeader.Malformed(file.Path, $"it has {file.Length} bytes, fewer than the {Prefix} of the header's length");
        }
        int length = SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, Prefix)), file.Length - Prefix, file.Path);
        byte[] json = file.Span(Prefix, length).ToArray();
        long end = Prefix + length;
        return (SafetensorsHeader.Parse(json, file.Length - end, file.Path), end);
    }
}
