using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>A GGUF file with the names, and the order of rows, that the reference's checkpoints have.</summary>
internal sealed class GgufFile : ITensorSource
{
    private readonly GgufContents _file;
    private readonly OrderedDictionary<string, (GgufTensor Tensor, long? HeadRows)> _tensors = [];

    private GgufFile(GgufContents file)
    {
        _file = file;
        GgufConfig.CheckArchitecture(file.Metadata);
        foreach (GgufTensor tensor in file.Tensors.Values)
        {
            if (LlamaTensors.Map(tensor.Name, file.Path) is { } found)
            {
                _tensors.Add(found.Name, (tensor, found.HeadsKey is null ? null : HeadRows(tensor, found.HeadsKey)));
            }
        }
    }

    public string Path => _file.Path;

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public TensorEntry this[string name] => Find(name).Tensor.Entry(name);

    /// <exception cref="CheckpointException">The file is malformed, or not of an architecture that is supported.</exception>
    public static GgufFile Open(string path)
    {
        GgufContents file = GgufContents.Open(path);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void CopyTo(string name, Tensor target)
    {
        (GgufTensor tensor, long? headRows) = Find(name);
        tensor.CopyTo(target, headRows is { } rows ? LlamaTensors.StoredRow(rows) : null);
    }

    public WeightMatrix? Pack(string name)
    {
        (GgufTensor tensor, long? headRows) = Find(name);
        return tensor.Pack(headRows is { } rows ? LlamaTensors.StoredRow(rows) : null);
    }

    public void Dispose() => _file.Dispose();

    private long HeadRows(GgufTensor tensor, string headsKey)
    {
        int heads = GgufConfig.Heads(_file.Metadata, headsKey);
        long rows = tensor.Shape.FirstOrDefault();
        return rows > 0 && rows % (2 * heads) == 0 && (tensor.Shape.Length > 1 || tensor.Type.BlockValues == 1)
            ? rows / heads
            : throw new CheckpointException(
                $"'{Path}': the tensor '{tensor.Name}' is [{string.Join(", ", tensor.Shape)}] of the type {tensor.Type.Name}; expected an even number of rows for each of {heads} heads.");
    }

    private (GgufTensor Tensor, long? HeadRows) Find(string name) =>
        _tensors.TryGetValue(name, out (GgufTensor, long?) found) ? found : throw new CheckpointException($"'{Path}' has no tensor '{name}'.");
}
