using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>x / √(mean(x²) + ε) · weight over the last dimension (Zhang and Sennrich 2019); statistics in float32 also where activations are bfloat16.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
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

    public override Tensor forward(Tensor x)
    {
        Tensor exact = x.to(_weight.dtype);
        Tensor scale = exact.square().mean([-1], keepdim: true).add(_epsilon).rsqrt();
        return (exact * scale * _weight).to(x.dtype);
    }
}
