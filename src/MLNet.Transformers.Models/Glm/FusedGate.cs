using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>Feed-forward part with a gate (Shazeer 2020); the rows of the gate stand before those of the values in one matrix.</summary>
internal sealed class FusedGate : nn.Module<Tensor, Tensor>
{
    private readonly Linear _gateAndUp;
    private readonly Linear _down;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly string _activationName;

    /// <param name="names">The checkpoint's names of the two matrices.</param>
    /// <param name="hidden">Width of the vectors.</param>
    /// <param name="inner">Width of the gate and of the values.</param>
    /// <param name="activation">Of the gate.</param>
    /// <param name="bias">Whether the matrices have biases.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public FusedGate((string GateAndUp, string Down) names, int hidden, int inner, string activation, bool bias, Placement placement)
        : base(nameof(FusedGate))
    {
        _gateAndUp = new Linear(hidden, 2L * inner, placement, bias);
        _down = new Linear(inner, hidden, placement, bias);
        (_activation, _activationName) = (Activations.Find(activation), activation);
        register_module(names.GateAndUp, _gateAndUp);
        register_module(names.Down, _down);
    }

    /// <summary>The part for one token; null where its activation has no such form.</summary>
    public VectorGate? Vectors(VectorWeights weights, VectorWorkspace work) => VectorActivations.Find(_activationName) is { } activation
        ? new VectorGate(work, _gateAndUp.Vectors(weights), _down.Vectors(weights), activation)
        : null;

    public override Tensor forward(Tensor hidden)
    {
        Tensor[] halves = _gateAndUp.forward(hidden).chunk(2, -1);
        return _down.forward(_activation(halves[0]) * halves[1]);
    }

    /// <summary>Nothing: the matrices are registered under the names that they were given.</summary>
    protected override void RegisterComponents()
    {
    }
}
