using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), not applied to biases and normalisation (BERT, optimization.py).
/// One call of libtorch's fused kernel updates all parameters.
/// </summary>
internal sealed class AdamW : IDisposable
{
    // The fused kernel has no managed binding.
    private static readonly TorchScript _kernel = new(
        """
        def step(params: List[Tensor], grads: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 lr: Tensor, weight_decay: Tensor):
            unused: List[Tensor] = []
            torch._fused_adamw_(params, grads, means, squares, unused, steps, lr=float(lr), beta1=0.9, beta2=0.999,
                                weight_decay=float(weight_decay), eps=1e-8, amsgrad=False, maximize=False)
            return steps[0]

        """);

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
                _steps[i].add_(Number(1), Number(1));
            }
            using var rate = new ScriptNumber(learningRate);
            using var decay = new ScriptNumber(_decay);
            using var done = (Tensor)_kernel.Invoke(
                "step", Pick(_parameters), Array.ConvertAll(live, i => _parameters[i].grad!), Pick(_means), Pick(_squares), Pick(_steps),
                rate.Tensor, decay.Tensor);

            Tensor[] Pick(Tensor[] from) => Array.ConvertAll(live, i => from[i]);
        }
    }
}
