using MLNet.Transformers.Batching;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Tests.Training;

public class PlanTests
{
    private static readonly int[] _lengths = [.. Enumerable.Range(0, 4000).Select(i => 3 + i * 7919 % 61)];

    [Theory]
    [InlineData(8, null)]
    [InlineData(1, null)]
    [InlineData(8, 200)]
    public void Every_row_is_in_one_batch(int batchSize, int? budget)
    {
        List<int[]> plan = LengthBuckets.Plan(_lengths, new BatchLimits(batchSize, budget), new Random(1));

        Assert.Equal(Enumerable.Range(0, _lengths.Length), plan.SelectMany(batch => batch).Order());
        Assert.All(plan, batch => Assert.True(budget is null ? batch.Length <= batchSize : batch.Max(row => _lengths[row]) * batch.Length <= budget));
    }

    [Fact]
    public void A_seed_gives_one_plan_and_another_seed_another()
    {
        int[] Flat(int seed) => [.. LengthBuckets.Plan(_lengths, new BatchLimits(8), new Random(seed)).SelectMany(batch => batch)];

        Assert.Equal(Flat(1), Flat(1));
        Assert.NotEqual(Flat(1), Flat(2));
    }

    [Fact]
    public void Batches_hold_less_padding_than_in_random_order()
    {
        int Padded(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Max(row => _lengths[row]) * batch.Length);

        Assert.True(Padded(LengthBuckets.Plan(_lengths, new BatchLimits(8), new Random(1))) < Padded(Enumerable.Range(0, _lengths.Length).Chunk(8)) * 0.9);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Linear, 0, 0)]
    [InlineData(LearningRateSchedule.Linear, 5, 0.5)]
    [InlineData(LearningRateSchedule.Linear, 10, 1)]
    [InlineData(LearningRateSchedule.Linear, 55, 0.5)]
    [InlineData(LearningRateSchedule.Constant, 99, 1)]
    [InlineData(LearningRateSchedule.Cosine, 55, 0.5)]
    [InlineData(LearningRateSchedule.Cosine, 100, 0)]
    public void Schedules(LearningRateSchedule schedule, int step, double expected) =>
        Assert.Equal(expected, schedule.Factor(step, steps: 100, warmup: 10), 1e-12);
}
