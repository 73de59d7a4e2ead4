using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Layer normalisation over the last dimension (Ba et al. 2016); statistics in float32 also where activations are bfloat16.</summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    private readonly long[] _shape;
    private readonly double _epsilon;

    public LayerNorm(long width, double epsilon, Placement placement)
        : base(nameof(LayerNorm))
    {
        _weight = new Parameter(placement.Empty(width));
        _bias = new Parameter(placement.Empty(width));
        (_shape, _epsilon) = ([width], epsilon);
        RegisterComponents();
    }

    /// <summary>The layer for one vector.</summary>
    public VectorLayerNorm Vectors(VectorWeights weights) => new(weights.Vector(_weight), weights.Vector(_bias), _epsilon);

    /// <summary>The layer for many vectors, where it lies on the CPU in float32.</summary>
    public TiledNorm Tiles() => new(_weight, _bias, _epsilon);

    public override Tensor forward(Tensor x) => x.dtype == _weight.dtype
        ? nn.functional.layer_norm(x, _shape, _weight, _bias, _epsilon)
        : nn.functional.layer_norm(x.to(_weight.dtype), _shape, _weight, _bias, _epsilon).to(x.dtype);
}
