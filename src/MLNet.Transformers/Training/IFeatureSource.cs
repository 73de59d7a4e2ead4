using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Training;

/// <summary>What is learnt from, cut into steps. A function of its seed and the epoch alone: a resumed training sees the same steps.</summary>
internal interface IFeatureSource<out TFeature>
    where TFeature : IFeature
{
    /// <summary>Tells one source from another.</summary>
    string Identity { get; }

    /// <summary>Number of an epoch's steps; null where it is known only at the end, and <see cref="TrainingOptions.MaxSteps"/> must be given.</summary>
    int? StepCount(int epoch);

    /// <summary>The steps of an epoch, each some batches whose gradients are summed.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The step to begin with, from 0; those before are not read.</param>
    IEnumerable<IReadOnlyList<TFeature>[]> Steps(int epoch, int first);
}
