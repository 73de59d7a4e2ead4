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
    public void Rows_of_one_length_meet_others_in_each_epoch()
    {
        int[] lengths = new int[64];
        HashSet<string> Batches(int seed) =>
            [.. LengthBuckets.Plan(lengths, new BatchLimits(8), new Random(seed)).Select(batch => string.Join(' ', batch.Order()))];

        Assert.Empty(Batches(1).Intersect(Batches(2)));
    }

    [Fact]
    public void A_batch_may_hold_as_many_tokens_as_the_limit_says_and_a_longer_row_is_one_by_itself()
    {
        int[] lengths = [3, 3, 3, 3, 10];

        Assert.Equal([2, 2, 1], LengthBuckets.InOrder([0, 1, 2, 3, 4], lengths, new BatchLimits(1, 6)).Select(batch => batch.Length));
        Assert.Equal([4, 1], LengthBuckets.InOrder([0, 1, 2, 3, 4], lengths, new BatchLimits(1, 12)).Select(batch => batch.Length));
        Assert.Equal([[0, 1], [2, 3]], LengthBuckets.InOrder([0, 1, 2, 3], lengths, new BatchLimits(2)));
    }

    [Fact]
    public void Nothing_to_plan_is_no_batch() => Assert.Empty(LengthBuckets.Plan([], new BatchLimits(8), new Random(1)));

    [Fact]
    public void Where_tokens_are_counted_stretches_still_hold_little_padding()
    {
        var limits = new BatchLimits(1, 400);
        List<int[]> plan = LengthBuckets.Plan(_lengths, limits, new Random(1));
        int Padded(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Max(row => _lengths[row]) * batch.Length);

        Assert.True(Padded(plan) < Padded(LengthBuckets.InOrder([.. Enumerable.Range(0, _lengths.Length)], _lengths, limits)) * 0.75);
        Assert.InRange(plan.Average(batch => batch.Length), 8, 20);
    }

    [Fact]
    public void Batches_hold_less_padding_than_in_random_order()
    {
        int Padded(IEnumerable<int[]> batches) => batches.Sum(batch => batch.Max(row => _lengths[row]) * batch.Length);

        Assert.True(Padded(LengthBuckets.Plan(_lengths, new BatchLimits(8), new Random(1))) < Padded(Enumerable.Range(0, _lengths.Length).Chunk(8)) * 0.9);
    }

    [Fact]
    public void Batches_come_in_random_order_not_from_short_to_long()
    {
        int[] lengths = [.. LengthBuckets.Plan(_lengths, new BatchLimits(8), new Random(1)).Select(batch => batch.Max(row => _lengths[row]))];

        // In order of length within each stretch of 16 batches about 30 of 500 neighbours would fall.
        Assert.True(lengths.Zip(lengths[1..]).Count(pair => pair.Second < pair.First) > 150);
    }

    [Fact]
    public void Held_out_rows_are_drawn_by_the_seed_and_are_not_among_the_others()
    {
        string[] rows = [.. Enumerable.Range(0, 50).Select(row => $"row {row}")];
        var options = new SequenceClassificationOptions { ValidationShare = 0.2 };

        (IReadOnlyList<string> kept, IReadOnlyList<string> heldOut) = Selection<string>.Split(rows, options, seed: 1);

        Assert.Equal((40, 10), (kept.Count, heldOut.Count));
        Assert.Equal(rows.Order(), kept.Concat(heldOut).Order());
        Assert.Equal(heldOut, Selection<string>.Split(rows, options, seed: 1).HeldOut);
        Assert.NotEqual(heldOut, Selection<string>.Split(rows, options, seed: 2).HeldOut);
        Assert.NotEqual(rows.Take(10), heldOut.Order());
    }

    [Theory]
    [InlineData(10, 4, 1)]
    [InlineData(12, 4, 1)]
    [InlineData(13, 4, 3)]
    [InlineData(1, 4, 3)]
    public void The_steps_of_an_epoch_are_as_many_as_are_promised(int rows, int batchSize, int accumulation)
    {
        foreach (int? budget in (int?[])[null, 9])
        {
            var options = new SequenceClassificationOptions { BatchSize = batchSize, AccumulationSteps = accumulation, MaxTokensPerBatch = budget };
            var source = new ShuffledFeatures<TokenSequence>([.. Enumerable.Range(1, rows).Select(row => new TokenSequence(new int[row % 5 + 1]))], options, seed: 3);

            Assert.Equal(source.StepCount(1), source.Steps(1, 0).Count());
            Assert.Equal(rows, source.Steps(1, 0).Sum(step => step.Sum(batch => batch.Count)));
            Assert.Equal(source.Steps(1, 0).Skip(1).Select(Sizes), source.Steps(1, 1).Select(Sizes));
        }

        static string Sizes(IReadOnlyList<TokenSequence>[] step) => string.Join(' ', step.SelectMany(batch => batch).Select(row => row.Ids.Length));
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
