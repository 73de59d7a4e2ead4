using MLNet.Transformers.Models;
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

    /// <summary>What an objective draws from in a step: labels, noise.</summary>
    public static Random OfStep(int seed, int step) => new(Mix(Mix(seed, int.MinValue + 1), step));

    /// <summary>What an objective draws from in validation: the same each time.</summary>
    public static Random OfValidation(int seed) => new(Mix(seed, int.MinValue + 2));

    /// <summary>What decides which rows are held out.</summary>
    public static Random OfHeldOutRows(int seed) => new(Mix(seed, int.MinValue));

    /// <summary>What the rows of an epoch are shuffled with.</summary>
    public static Random OfEpoch(int seed, int epoch) => new(Mix(seed, -1 - epoch));

    /// <summary>What a part of the rows of an epoch is shuffled with, where they are too many to be shuffled at once.</summary>
    public static Random OfPart(int seed, int epoch, int part) => new(Mix(Mix(seed, -1 - epoch), part));

    /// <summary>What is drawn for a sequence by itself: the same whatever stands beside it.</summary>
    public static Random OfTokens(IEnumerable<int> ids) => new(ids.Aggregate(0, Mix));

    private static int Mix(int seed, int number) => (int)Seeds.Mix(seed, number);
}
