using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), not applied to biases and normalisation (BERT, optimization.py).
/// One call of libtorch's fused kernel updates all parameters.
/// </summary>
internal sealed class AdamW : IDisposable
{
    // The fused kernel has no managed binding; TorchScript reaches every aten operator. A constant: a script that does not compile ends the process.
    private const string Script = """
        def step(params: List[Tensor], grads: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 lr: float, beta1: float, beta2: float, weight_decay: float, eps: float):
            unused: List[Tensor] = []
            torch._fused_adamw_(params, grads, means, squares, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False)
            return 0

        """;

    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private static readonly Lazy<jit.CompilationUnit> _kernel = new(() => jit.compile(Script));

    private readonly Group[] _groups;

    /// <param name="parameters">What is trained, by name.</param>
    /// <param name="weightDecay">Decay of the parameters that decay.</param>
    /// <param name="decays">Which parameters decay; null: the matrices.</param>
    public AdamW(
        IReadOnlyList<(string Name, Parameter Parameter)> parameters, double weightDecay, Func<Tensor, bool>? decays = null)
    {
        NativeBackend.EnsureLoaded();
        _groups =
        [
            .. parameters.GroupBy(item => (decays ?? IsMatrix)(item.Parameter))
                .Select(group => new Group([.. group], group.Key ? weightDecay : 0)),
        ];
    }

    /// <summary>Moments and step counts by name, to be written down and read back when training is to continue.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => _groups.SelectMany(group => group.State);

    /// <summary>One step along the gradients that the parameters hold.</summary>
    public void Step(double learningRate)
    {
        foreach (Group group in _groups)
        {
            group.Step(learningRate);
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in State)
        {
            tensor.Dispose();
        }
    }

    // Biases and the scales of normalisation are vectors.
    private static bool IsMatrix(Tensor parameter) => parameter.dim() >= 2;

    private sealed class Group
    {
        private readonly string[] _names;
        private readonly Parameter[] _parameters;
        private readonly Tensor[] _means;
        private readonly Tensor[] _squares;
        private readonly Tensor[] _steps;
        private readonly double _decay;

        public Group((string Name, Parameter Parameter)[] items, double decay)
        {
            using var noGradient = no_grad();
            _names = [.. items.Select(item => item.Name)];
            _parameters = [.. items.Select(item => item.Parameter)];
            _means = [.. _parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
            _squares = [.. _parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
            _steps = [.. _parameters.Select(parameter => zeros([], ScalarType.Float32, parameter.device).DetachFromDisposeScope())];
            _decay = decay;
        }

        public IEnumerable<(string Name, Tensor Tensor)> State => _names.SelectMany((name, i) => new[]
        {
            ($"{name}.mean", _means[i]), ($"{name}.square", _squares[i]), ($"{name}.steps", _steps[i]),
        });

        public void Step(double learningRate)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            // A parameter that the loss does not depend on has no gradient and is not decayed either.
            int[] live = [.. Enumerable.Range(0, _parameters.Length).Where(i => _parameters[i].grad is not null)];
            if (live.Length == 0)
            {
                return;
            }
            foreach (int i in live)
            {
                _steps[i].add_(1);
            }
            _kernel.Value.invoke(
                "step", Pick(_parameters), Array.ConvertAll(live, i => _parameters[i].grad!), Pick(_means), Pick(_squares), Pick(_steps),
                learningRate, Beta1, Beta2, _decay, Epsilon);

            Tensor[] Pick(Tensor[] from) => Array.ConvertAll(live, i => from[i]);
        }
    }
}
