using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// Which kind of distance lies between two tokens (Raffel et al. 2020, §2.1; reference: modeling_t5.py, _relative_position_bucket): short distances
/// have a bucket each, longer ones share buckets that widen logarithmically.
/// </summary>
/// <param name="Count">Number of buckets, at least 4.</param>
/// <param name="MaxDistance">From this distance on there is one bucket; more than half of <paramref name="Count"/>.</param>
/// <param name="Bidirectional">Whether half of the buckets are for keys behind the query; else those are at distance 0.</param>
internal sealed record RelativePositionBuckets(int Count, int MaxDistance, bool Bidirectional)
{
    /// <summary>The bucket of every pair.</summary>
    /// <param name="queries">Number of queries: the last ones of the keys.</param>
    /// <param name="keys">Number of keys.</param>
    /// <param name="device">Where the result is to lie.</param>
    /// <returns>int64, (queries, keys).</returns>
    public Tensor Between(long queries, long keys, Device device)
    {
        // The rows of pairs are windows of one row of distances: a logarithm is computed for each distance, not for each pair.
        Tensor ahead = arange(Number(1 - keys), Number(queries), Number(1), ScalarType.Int64, device);
        Tensor buckets = Bidirectional
            ? Of(ahead.abs(), Count / 2).Plus(ahead.gt(Number(0)) * Number(Count / 2))
            : Of(ahead.neg().clamp_min(Number(0)), Count);
        return buckets.unfold(0, keys, 1).flip(0);
    }

    // In float32, as the reference: where a logarithm falls on a border, its rounding decides.
    private Tensor Of(Tensor distance, int buckets)
    {
        int exact = buckets / 2;
        Tensor steps = (distance.to(ScalarType.Float32) / Number(exact)).log() / Number(Math.Log((double)MaxDistance / exact)) * Number(buckets - exact);
        Tensor wide = steps.clamp_min(Number(0)).to(ScalarType.Int64).Plus(Number(exact)).clamp_max(Number(buckets - 1));
        return where(distance.lt(Number(exact)), distance, wide);
    }
}
