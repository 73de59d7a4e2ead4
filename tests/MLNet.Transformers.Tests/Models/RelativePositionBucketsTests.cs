using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

public sealed class RelativePositionBucketsTests : IDisposable
{
    private readonly DisposeScope _scope;

    public RelativePositionBucketsTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    // The published networks have 32 buckets up to distance 128. A bucket from which on the distances begin: half of the buckets, a direction, are exact.
    [Fact]
    public void An_encoders_buckets_widen_in_both_directions()
    {
        int[] begins = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91];
        long[] buckets = Row(new RelativePositionBuckets(32, 128, Bidirectional: true), queries: 400, keys: 400, query: 200);

        for (int key = 0; key < 400; key++)
        {
            int distance = Math.Abs(key - 200);
            long expected = Array.FindLastIndex(begins, begin => begin <= distance) + (key > 200 ? 16 : 0);
            Assert.True(expected == buckets[key], $"distance {key - 200}: {buckets[key]}, expected {expected}");
        }
    }

    [Fact]
    public void A_decoders_buckets_count_back_only()
    {
        int[] begins = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113];
        long[] buckets = Row(new RelativePositionBuckets(32, 128, Bidirectional: false), queries: 400, keys: 400, query: 300);

        for (int key = 0; key < 400; key++)
        {
            int distance = Math.Max(300 - key, 0);
            long expected = Array.FindLastIndex(begins, begin => begin <= distance);
            Assert.True(expected == buckets[key], $"distance {key - 300}: {buckets[key]}, expected {expected}");
        }
    }

    // By the formula, in double precision; distances at which the logarithm falls on a border are left out.
    [Theory]
    [InlineData(4, 3, true)]
    [InlineData(5, 40, true)]
    [InlineData(7, 9, false)]
    [InlineData(33, 77, true)]
    [InlineData(64, 256, false)]
    public void Other_sizes_follow_the_formula(int count, int maxDistance, bool bidirectional)
    {
        int side = bidirectional ? count / 2 : count, exact = side / 2;
        long[] buckets = Row(new RelativePositionBuckets(count, maxDistance, bidirectional), queries: 301, keys: 301, query: 150);

        for (int key = 0; key < buckets.Length; key++)
        {
            int distance = bidirectional ? Math.Abs(key - 150) : Math.Max(150 - key, 0);
            double steps = Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact) * (side - exact);
            if (distance >= exact && Math.Abs(steps - Math.Round(steps)) < 1e-5)
            {
                continue;
            }
            long expected = (distance < exact ? distance : Math.Min(exact + (long)steps, side - 1)) + (bidirectional && key > 150 ? side : 0);
            Assert.True(expected == buckets[key], $"distance {key - 150}: {buckets[key]}, expected {expected}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Queries_are_the_last_of_the_keys(bool bidirectional)
    {
        var buckets = new RelativePositionBuckets(9, 11, bidirectional);
        Tensor all = buckets.Between(30, 30, CPU);

        foreach (int queries in (int[])[1, 7, 29])
        {
            Tensor some = buckets.Between(queries, 30, CPU);

            Assert.Equal([queries, 30], some.shape);
            Assert.True(some.equal(all.narrow(0, 30 - queries, queries)).all().item<bool>());
        }
    }

    private static long[] Row(RelativePositionBuckets buckets, int queries, int keys, int query) =>
        buckets.Between(queries, keys, CPU)[query].contiguous().data<long>().ToArray();
}
