using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// Metadata and tensors of a GGUF file, or of all parts of one that is split, memory-mapped, with the names that they have there. Values in blocks are
/// decoded while they are copied.
/// </summary>
internal sealed class GgufContents : IDisposable
{
    private const string PartsKey = "split.count";
    private const string NumberKey = "split.no";

    private readonly List<MappedFile> _files;

    private GgufContents(string path, List<MappedFile> files, GgufMetadata metadata, OrderedDictionary<string, GgufTensor> tensors) =>
        (Path, _files, Metadata, Tensors) = (path, files, metadata, tensors);

    public string Path { get; }

    /// <summary>The metadata; of a file that is split, those of its first part, which has them all.</summary>
    public GgufMetadata Metadata { get; }

    public OrderedDictionary<string, GgufTensor> Tensors { get; }

    /// <param name="path">The file, or any of its parts.</param>
    /// <exception cref="CheckpointException">The file is malformed, lacks a part, or has a type of blocks that is not supported.</exception>
    public static GgufContents Open(string path)
    {
        NativeBackend.EnsureLoaded();
        var files = new List<MappedFile>();
        try
        {
            (GgufMetadata metadata, OrderedDictionary<string, GgufTensor> tensors) = Read(path, files);
            if (metadata.Int(PartsKey) is > 1 and var count)
            {
                (metadata, tensors) = ReadParts(path, count, metadata, files);
            }
            return new GgufContents(path, files, metadata, tensors);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static (GgufMetadata Metadata, OrderedDictionary<string, GgufTensor> Tensors) Read(string path, List<MappedFile> files)
    {
        files.Add(MappedFile.Open(path));
        return GgufHeader.Read(files[^1]);
    }

    private static (GgufMetadata, OrderedDictionary<string, GgufTensor>) ReadParts(string path, int count, GgufMetadata any, List<MappedFile> files)
    {
        IReadOnlyList<string> names = GgufParts.NamesOf(path);
        if (names.Count != count)
        {
            throw any.InvalidValue(PartsKey, $"a file that is whole, or parts named NAME-00001-of-{count:00000}.gguf and on; give them these names, or join them with llama-gguf-split --merge");
        }
        if (names.FirstOrDefault(name => !File.Exists(name)) is { } missing)
        {
            throw new CheckpointException($"'{path}' is one of {count} parts, of which '{System.IO.Path.GetFileName(missing)}' is not beside it; all are needed.");
        }
        GgufMetadata? first = null;
        var all = new OrderedDictionary<string, GgufTensor>();
        for (int part = 0; part < names.Count; part++)
        {
            (GgufMetadata metadata, OrderedDictionary<string, GgufTensor> tensors) = Read(names[part], files);
            if (metadata.Int(NumberKey) != part)
            {
                throw metadata.InvalidValue(NumberKey, $"{part}, as the file's name says");
            }
            first ??= metadata;
            foreach ((string name, GgufTensor tensor) in tensors)
            {
                if (!all.TryAdd(name, tensor))
                {
                    throw new CheckpointException($"'{names[part]}' and '{all[name].File.Path}' both have the tensor '{name}'.");
                }
            }
        }
        return (first!, all);
    }
}
