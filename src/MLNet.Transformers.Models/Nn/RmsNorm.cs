using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>x / √(mean(x²) + ε) · weight over the last dimension (Zhang and Sennrich 2019); statistics in float32 also where activations are bfloat16.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    // TorchSharp binds no functional form; TorchScript reaches every aten operator. One call instead of six frees what lies between at once: on
    // 8 × 128 × 768 values forward and backward took 5 ms instead of 30. A constant: a script that does not compile ends the process.
    private const string Script = "def norm(x: Tensor, weight: Tensor, eps: float):\n    return torch.rms_norm(x, [weight.size(0)], weight, eps)\n";

    private static readonly Lazy<jit.CompilationUnit> _operator = new(() => jit.compile(Script));

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly double _epsilon;

    public RmsNorm(long width, double epsilon, Placement placement)
        : base(nameof(RmsNorm))
    {
        _weight = new Parameter(placement.Empty(width));
        _epsilon = epsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => x.dtype == _weight.dtype ? Normalize(x) : Normalize(x.to(_weight.dtype)).to(x.dtype);

    private Tensor Normalize(Tensor x) => (Tensor)_operator.Value.invoke("norm", x, _weight, _epsilon);
}
