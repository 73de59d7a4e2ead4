using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>A copy of the trained weights of the epoch that did best on the validation rows.</summary>
internal sealed class BestWeights(IReadOnlyList<(string Name, Parameter Parameter)> trained) : IDisposable
{
    private Dictionary<string, Tensor>? _copy;

    public bool Any => _copy is not null;

    public IEnumerable<(string Name, Tensor Tensor)> Tensors => (_copy ?? []).Select(item => (item.Key, item.Value));

    public void Keep()
    {
        using var noGradient = no_grad();
        _copy ??= Allocate();
        foreach ((string name, Parameter parameter) in trained)
        {
            _copy[name].copy_(parameter);
        }
    }

    public void Restore()
    {
        using var noGradient = no_grad();
        foreach ((string name, Parameter parameter) in trained)
        {
            parameter.copy_(_copy![name]);
        }
    }

    /// <summary>Makes room for a copy that is then read from a file.</summary>
    public IReadOnlyDictionary<string, Tensor> Allocated() => _copy ??= Allocate();

    public void Dispose()
    {
        foreach (Tensor tensor in _copy?.Values ?? Enumerable.Empty<Tensor>())
        {
            tensor.Dispose();
        }
        _copy = null;
    }

    private Dictionary<string, Tensor> Allocate() =>
        trained.ToDictionary(item => item.Name, item => empty_like(item.Parameter).detach().DetachFromDisposeScope());
}
