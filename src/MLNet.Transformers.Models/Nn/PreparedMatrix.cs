using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// A matrix as prediction multiplies by it: in the type of the activations and, where there is oneDNN, in its order. It is made at the first use and
/// held beside the weights that it was made of, until they may have changed.
/// </summary>
internal sealed class PreparedMatrix : IDisposable
{
    private readonly Lock _making = new();
    private Prepared? _prepared;

    /// <summary>x·Wᵀ + b, computed and given in the type of x. With gradients the weights themselves are used.</summary>
    /// <param name="x">(..., inputs).</param>
    /// <param name="weight">(outputs, inputs).</param>
    /// <param name="bias">(outputs), or null.</param>
    public Tensor Multiply(Tensor x, Tensor weight, Tensor? bias)
    {
        if (!is_grad_enabled() && SmallProduct.Is(x, weight))
        {
            return SmallProduct.Linear(x, weight, bias);
        }
        ComputeThreads.Adjust();
        if (is_grad_enabled())
        {
            return x.dtype == weight.dtype
                ? nn.functional.linear(x, weight, bias)
                : nn.functional.linear(x, weight.to(x.dtype), bias?.to(x.dtype));
        }
        Prepared prepared = For(x.dtype, weight, bias);
        return prepared.IsPacked ? OneDnn.Linear(x, prepared.Weight, prepared.Bias) : nn.functional.linear(x, prepared.Weight, prepared.Bias);
    }

    /// <summary>Frees what was made: the weights may have changed.</summary>
    public void Forget()
    {
        _prepared?.Dispose();
        _prepared = null;
    }

    public void Dispose() => Forget();

    // Several prediction engines may come here at once.
    private Prepared For(ScalarType type, Tensor weight, Tensor? bias)
    {
        lock (_making)
        {
            if (_prepared is not { } prepared || prepared.Type != type)
            {
                Forget();
                _prepared = prepared = Make(type, weight, bias);
            }
            return prepared;
        }
    }

    private static Prepared Make(ScalarType type, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        bool packs = weight.device.type == DeviceType.CPU && OneDnn.Supports(type);
        Tensor cast = weight.detach().to(type);
        return new Prepared(type, packs, Keep(packs ? OneDnn.Pack(cast) : cast), bias is null ? null : Keep(bias.detach().to(type)));
    }

    private static Tensor Keep(Tensor tensor) => tensor.DetachFromDisposeScope();

    private sealed record Prepared(ScalarType Type, bool IsPacked, Tensor Weight, Tensor? Bias) : IDisposable
    {
        public void Dispose()
        {
            Weight.Dispose();
            Bias?.Dispose();
        }
    }
}
