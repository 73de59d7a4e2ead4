using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Training;

/// <summary>
/// Features that can be had in any order, shuffled anew in each epoch and put together by length. They are read when their step comes, so that the
/// list may be a file's.
/// </summary>
internal sealed class ShuffledFeatures<TFeature> : IFeatureSource<TFeature>
    where TFeature : IFeature
{
    private readonly IReadOnlyList<TFeature> _features;
    private readonly int[] _lengths;
    private readonly BatchLimits _limits;
    private readonly int _batchesPerStep;
    private readonly int _seed;

    /// <param name="features">The features, at least one.</param>
    /// <param name="options">Size of the batches and how many of them make a step.</param>
    /// <param name="seed">Seed of the order.</param>
    public ShuffledFeatures(IReadOnlyList<TFeature> features, TrainingOptions options, int seed)
    {
        (_features, _limits, _batchesPerStep, _seed) = (features, options.BatchLimits, options.AccumulationSteps, seed);
        _lengths = [.. features.Select(feature => feature.Length)];
    }

    public string Identity => FeatureHash.Of(_features);

    public int? StepCount(int epoch)
    {
        int batches = _limits.Tokens is null ? (_lengths.Length - 1) / _limits.Rows + 1 : Plan(epoch).Count;
        return (batches - 1) / _batchesPerStep + 1;
    }

    public IEnumerable<IReadOnlyList<TFeature>[]> Steps(int epoch, int first) => Plan(epoch).Chunk(_batchesPerStep).Skip(first)
        .Select(step => Array.ConvertAll(step, batch => (IReadOnlyList<TFeature>)Array.ConvertAll(batch, number => _features[number])));

    private List<int[]> Plan(int epoch) => LengthBuckets.Plan(_lengths, _limits, RandomState.OfEpoch(_seed, epoch));
}
