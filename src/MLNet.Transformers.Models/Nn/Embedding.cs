using MLNet.Transformers.Models.Runtime;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// A table of vectors. TorchSharp's own fills its weights with random numbers first, which a checkpoint then overwrites; this one does not.
/// </summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private const long NoPadding = -1;

    // TorchSharp binds no functional form of the lookup.
    private static readonly TorchScript _operator =
        new("def lookup(weight: Tensor, ids: Tensor, padding: Tensor):\n    return torch.embedding(weight, ids, int(padding))\n");

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly ScriptNumber _padding;

    /// <param name="rows">Number of vectors.</param>
    /// <param name="width">Length of a vector.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="padding">A row that gets no gradient, or null.</param>
    public Embedding(long rows, long width, Placement placement, long? padding = null)
        : base(nameof(Embedding))
    {
        _weight = new Parameter(placement.Empty(rows, width));
        _padding = new ScriptNumber(padding ?? NoPadding);
        RegisterComponents();
    }

    public Tensor Weight => _weight;

    public override Tensor forward(Tensor ids) => (Tensor)_operator.Invoke("lookup", _weight, ids, _padding.Tensor);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _padding.Dispose();
        }
        base.Dispose(disposing);
    }
}
