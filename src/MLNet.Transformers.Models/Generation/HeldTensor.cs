using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>A tensor that lives from step to step, outside of dispose scopes, until it is replaced.</summary>
internal sealed class HeldTensor : IDisposable
{
    /// <param name="value">A tensor that nobody else holds.</param>
    public HeldTensor(Tensor value) => Value = value.DetachFromDisposeScope();

    public Tensor Value { get; private set; }

    /// <summary>Holds another tensor instead.</summary>
    public void Replace(Tensor next)
    {
        Value.Dispose();
        Value = next.DetachFromDisposeScope();
    }

    /// <summary>Keeps some rows in a given order.</summary>
    public void Select(Tensor rows) => Replace(Value.index_select(0, rows));

    public void Dispose() => Value.Dispose();
}
