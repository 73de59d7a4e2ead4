using TorchSharp;

namespace MLNet.Transformers.Training;

/// <summary>
/// Dropout draws from libtorch's one generator per process. Seeding it anew before each step, from the training's own seed and the step's
/// number, makes a step's randomness independent of all that ran before: training can continue in another process with the same numbers.
/// </summary>
internal static class RandomState
{
    private static readonly Lock _generator = new();

    /// <summary>Holds the generator for one step, so that two trainings at once do not draw from each other's numbers.</summary>
    public static Lock.Scope Enter(int seed, int step)
    {
        Lock.Scope scope = _generator.EnterScope();
#pragma warning disable RS0030 // the one place that may seed
        torch.manual_seed(Mix(seed, step));
#pragma warning restore RS0030
        return scope;
    }

    /// <summary>A seed for one purpose, from the training's seed and a number; the finaliser of SplitMix64.</summary>
    public static int Mix(int seed, int number)
    {
        ulong z = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)(z ^ (z >> 31));
    }
}
