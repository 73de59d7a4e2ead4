using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// x·Wᵀ + b, computed in the type of x: master weights in float32 are cast to bfloat16 where the activations are bfloat16, at each step of a
/// training, once for prediction. TorchSharp's own Linear fills its weights with random numbers first, which a checkpoint then overwrites.
/// </summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly Lock _casting = new();
    private CastWeights? _cast;

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
        if (is_grad_enabled())
        {
            return nn.functional.linear(x, _weight.to(x.dtype), _bias?.to(x.dtype));
        }
        CastWeights cast = Cast(x.dtype);
        return nn.functional.linear(x, cast.Weight, cast.Bias);
    }

    /// <summary>A change of mode is where weights may have changed: the cast ones are made anew.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        Forget();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
        }
        base.Dispose(disposing);
    }

    // Several prediction engines may come here at once.
    private CastWeights Cast(ScalarType type)
    {
        lock (_casting)
        {
            if (_cast is not { } cast || cast.Weight.dtype != type)
            {
                Forget();
                _cast = cast = new CastWeights(_weight.to(type).DetachFromDisposeScope(), _bias?.to(type).DetachFromDisposeScope());
            }
            return cast;
        }
    }

    private void Forget()
    {
        _cast?.Weight.Dispose();
        _cast?.Bias?.Dispose();
        _cast = null;
    }

    private sealed record CastWeights(Tensor Weight, Tensor? Bias);
}
