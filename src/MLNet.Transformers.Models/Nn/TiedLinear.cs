using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>x·Wᵀ with a matrix that another module owns, as language-model heads use the token embedding. See <see cref="PreparedMatrix"/>.</summary>
internal sealed class TiedLinear() : nn.Module<Tensor, Tensor, Tensor>(nameof(TiedLinear))
{
    private readonly PreparedMatrix _matrix = new();

    /// <param name="x">(..., inputs).</param>
    /// <param name="weight">(outputs, inputs); the same at each call.</param>
    public override Tensor forward(Tensor x, Tensor weight) => _matrix.Multiply(x, weight, null);

    /// <summary>A change of mode is where weights may have changed.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        _matrix.Forget();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _matrix.Dispose();
        }
        base.Dispose(disposing);
    }
}
