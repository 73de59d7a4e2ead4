using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// A file of torch.save, such as pytorch_model.bin: the zip form of PyTorch 1.6 and later, or the form before. Its pickle is read as data and runs
/// nothing; tensors are copied from the mapped file, never unpacked whole.
/// </summary>
internal sealed class TorchFile : ITensorSource
{
    private readonly MappedFile _file;
    private readonly OrderedDictionary<string, TorchTensor> _tensors;

    private TorchFile(MappedFile file, object? content, OrderedDictionary<string, TorchTensor> tensors) =>
        (_file, Content, _tensors) = (file, content, tensors);

    public string Path => _file.Path;

    /// <summary>Everything that the file holds, tensors as <see cref="TorchTensor"/>.</summary>
    public object? Content { get; }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public TensorEntry this[string name] => Find(name).Entry(name);

    /// <param name="path">The file.</param>
    /// <param name="entry">
    /// The entry whose tensors are wanted: keys with dots between, from the outermost. Null: the file itself where it holds tensors, else its entry
    /// 'state_dict', 'model_state_dict', 'model' or 'module'.
    /// </param>
    /// <exception cref="CheckpointException">The file is malformed, or its pickle holds anything but tensors and plain containers.</exception>
    public static TorchFile Open(string path, string? entry = null)
    {
        NativeBackend.EnsureLoaded();
        MappedFile file = MappedFile.Open(path);
        try
        {
            object? content = ZipDirectory.IsZip(file) ? TorchArchive.Read(file) : LegacyTorchFile.Read(file);
            return new TorchFile(file, content, StateDict.Find(content, entry));
        }
        catch (Exception error)
        {
            file.Dispose();
            if (error is PickleRefusedException refused)
            {
                throw Malformed(path, refused.Message);
            }
            throw;
        }
    }

    public static CheckpointException Malformed(string path, string what) => new($"'{path}' is no PyTorch file that can be read: {what}.");

    public void CopyTo(string name, Tensor target)
    {
        TorchTensor tensor = Find(name);
        TensorBytes.Fill(target, tensor.Entry(name), Path, new StridedReader(_file, tensor).Read);
    }

    public void Dispose() => _file.Dispose();

    private TorchTensor Find(string name) =>
        _tensors.TryGetValue(name, out TorchTensor? found) ? found : throw new CheckpointException($"'{Path}' has no tensor '{name}'.");
}
