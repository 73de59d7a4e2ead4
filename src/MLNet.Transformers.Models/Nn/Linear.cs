using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// x·Wᵀ + b, computed in the type of x: master weights in float32 are cast to bfloat16 where the activations are bfloat16.
/// TorchSharp's own Linear fills its weights with random numbers first, which a checkpoint then overwrites; this one does not.
/// </summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    public Linear(long inputs, long outputs, Placement placement, bool bias = true)
        : base(nameof(Linear))
    {
        _weight = new Parameter(placement.Empty(outputs, inputs));
        _bias = bias ? new Parameter(placement.Empty(outputs)) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        if (x.dtype == _weight.dtype)
        {
            return nn.functional.linear(x, _weight, _bias);
        }
        return nn.functional.linear(x, _weight.to(x.dtype), _bias?.to(x.dtype));
    }
}
