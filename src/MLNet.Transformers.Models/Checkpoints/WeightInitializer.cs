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
            parameter.copy_(Normal(parameter.shape, fresh.Truncated, Seeds.Mix(seed, name)).mul_(Number(fresh.Deviation)));
        }
        else
        {
            nn.init.constant_(parameter, Number(name.EndsWith("weight", StringComparison.Ordinal) ? fresh.Scale : 0));
        }
    }

    // TorchSharp's trunc_normal_ fills the tensor with one number.
    private static Tensor Normal(long[] shape, bool truncated, ulong seed)
    {
        using var generator = new Generator(seed);
        Tensor values = empty(shape).normal_(0, 1, generator);
        while (truncated && DrawAgain(values, generator))
        {
        }
        return values;
    }

    // An embedding table may have a gigabyte: only what lies beyond is drawn, and each round's tensors are freed before the next.
    private static bool DrawAgain(Tensor values, Generator generator)
    {
        const double Limit = 2;
        using var scope = NewDisposeScope();
        Tensor beyond = values.abs().gt(Number(Limit));
        long count = beyond.count_nonzero().item<long>();
        values.masked_scatter_(beyond, empty(count).normal_(0, 1, generator));
        return count > 0;
    }
}
