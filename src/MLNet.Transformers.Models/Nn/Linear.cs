using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// x·Wᵀ + b, computed in the type of x whatever the type of the weights: see <see cref="PreparedMatrix"/>. TorchSharp's own Linear fills its weights
/// with random numbers first, which a checkpoint then overwrites.
/// </summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly PreparedMatrix _matrix = new();

    public Linear(long inputs, long outputs, Placement placement, bool bias = true)
        : base(nameof(Linear))
    {
        _weight = new Parameter(placement.Empty(outputs, inputs));
        _bias = bias ? new Parameter(placement.Empty(outputs)) : null;
        RegisterComponents();
    }

    /// <summary>The layer for one vector.</summary>
    public VectorLinear Vectors(VectorWeights weights) => new(weights.Matrix(_weight), _bias is null ? null : weights.Vector(_bias));

    /// <summary>The layer for many vectors, where it lies on the CPU in float32.</summary>
    public TiledMatrix Tiles() => new(_weight, _bias);

    public override Tensor forward(Tensor x) => _matrix.Multiply(x, _weight, _bias);

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
