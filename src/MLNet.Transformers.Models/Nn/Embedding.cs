using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// A table of vectors. TorchSharp's own fills its weights with random numbers first, which a checkpoint then overwrites; this one does not.
/// </summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    // TorchSharp binds no functional form of the lookup; TorchScript reaches every aten operator. A constant: a script that does not compile
    // ends the process.
    private const string Script = "def lookup(weight: Tensor, ids: Tensor, padding: int):\n    return torch.embedding(weight, ids, padding)\n";

    private const long NoPadding = -1;

    private static readonly Lazy<jit.CompilationUnit> _operator = new(() => jit.compile(Script));

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly long _padding;

    /// <param name="rows">Number of vectors.</param>
    /// <param name="width">Length of a vector.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="padding">A row that gets no gradient, or null.</param>
    public Embedding(long rows, long width, Placement placement, long? padding = null)
        : base(nameof(Embedding))
    {
        _weight = new Parameter(placement.Empty(rows, width));
        _padding = padding ?? NoPadding;
        RegisterComponents();
    }

    public Tensor Weight => _weight;

    public override Tensor forward(Tensor ids) => (Tensor)_operator.Value.invoke("lookup", _weight, ids, _padding);
}
