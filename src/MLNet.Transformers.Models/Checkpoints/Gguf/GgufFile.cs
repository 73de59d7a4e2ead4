using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>A GGUF file, memory-mapped, with the names that it gives its tensors. Values in blocks are decoded while they are copied.</summary>
internal sealed class GgufFile : IDisposable
{
    private readonly MappedFile _file;

    private GgufFile(MappedFile file, GgufMetadata metadata, OrderedDictionary<string, GgufTensor> tensors) =>
        (_file, Metadata, Tensors) = (file, metadata, tensors);

    public string Path => _file.Path;

    public GgufMetadata Metadata { get; }

    public OrderedDictionary<string, GgufTensor> Tensors { get; }

    /// <exception cref="CheckpointException">The file is malformed, is one of several parts, or has a type of blocks that is not supported.</exception>
    public static GgufFile Open(string path)
    {
        NativeBackend.EnsureLoaded();
        MappedFile file = MappedFile.Open(path);
        try
        {
            (GgufMetadata metadata, OrderedDictionary<string, GgufTensor> tensors) = GgufHeader.Read(file);
            const string Parts = "split.count";
            return metadata.Int(Parts) is null or 0 or 1
                ? new GgufFile(file, metadata, tensors)
                : throw metadata.Wrong(Parts, "a file that is whole");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Copies the values of a tensor.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="target">A tensor of its shape.</param>
    /// <param name="storedRow">Which row of the file is which row of the target; null: the same. A tensor of one dimension has rows of one value.</param>
    public void CopyTo(GgufTensor tensor, Tensor target, Func<long, long>? storedRow = null)
    {
        long rowValues = tensor.Shape.Length == 0 || (storedRow is not null && tensor.Shape.Length == 1) ? 1 : tensor.Shape[^1];
        var rows = new GgufRows(_file, tensor, rowValues, storedRow ?? (row => row));
        TensorBytes.Fill(target, tensor.Entry(tensor.Name), Path, rows.Read);
    }

    public void Dispose() => _file.Dispose();
}
