using MLNet.Transformers.Models.Checkpoints;
using static TorchSharp.torch;

namespace MLNet.Transformers.Prediction;

/// <summary>The tensors of a network that is in memory, to be read as those of a checkpoint.</summary>
/// <param name="network">Held until this is disposed.</param>
/// <param name="name">What to call it in a message.</param>
internal sealed class NetworkTensors(SharedNetwork.Lease network, string name) : ITensorSource
{
    private readonly Dictionary<string, Tensor> _tensors = network.Model.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);

    public string Path => name;

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public TensorEntry this[string tensor] =>
        new(tensor, _tensors[tensor].dtype, _tensors[tensor].shape, _tensors[tensor].numel() * _tensors[tensor].element_size());

    public void CopyTo(string tensor, Tensor target)
    {
        using var noGradient = no_grad();
        target.copy_(_tensors[tensor]);
    }

    public void Dispose() => network.Dispose();
}
