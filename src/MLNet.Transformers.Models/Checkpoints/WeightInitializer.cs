using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>
/// Fresh weights: matrices from the normal distribution that the architecture asks for, biases 0, scales of normalisation 1.
/// </summary>
internal static class WeightInitializer
{
    /// <summary>Fills a parameter. Its content depends on the seed and its name alone, not on which others are initialised.</summary>
    public static void Initialize(string name, Parameter parameter, FreshWeights fresh, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (parameter.dim() >= 2)
        {
            parameter.copy_(Normal(parameter.shape, Seeds.Mix(seed, name)).mul_(Number(fresh.Deviation)));
        }
        else
        {
            nn.init.constant_(parameter, Number(name.EndsWith("weight", StringComparison.Ordinal) ? fresh.Scale : 0));
        }
    }

    private static Tensor Normal(long[] shape, ulong seed)
    {
        using var generator = new Generator(seed);
        return empty(shape).normal_(0, 1, generator);
    }
}
