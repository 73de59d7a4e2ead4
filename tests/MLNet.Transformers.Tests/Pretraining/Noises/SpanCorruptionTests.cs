using MLNet.Transformers.Pretraining.Noises;
using static MLNet.Transformers.Tests.Pretraining.Noises.Tallies;

namespace MLNet.Transformers.Tests.Pretraining.Noises;

/// <summary>T5's noises.</summary>
public class SpanCorruptionTests
{
    private static readonly int[] _sentinels = [.. Enumerable.Range(0, 100).Select(number => -1 - number)];

    [Theory]
    [InlineData(512, 568, 85, 28, 114)]
    [InlineData(1024, 1137, 171, 57, 229)]
    [InlineData(128, 141, 21, 7, 29)]
    public void So_long_are_blocks_that_nothing_is_padded(int read, int tokens, int noise, int spans, int written)
    {
        SpanPlan plan = SpanPlan.Filling(read, 0.15, 3);

        Assert.Equal(new SpanPlan(tokens, noise, spans), plan);
        Assert.Equal((read, written), (plan.Source, plan.Target));
    }

    [Fact]
    public void Whatever_is_to_be_read_there_is_a_block_that_fills_it()
    {
        Assert.All(Enumerable.Range(3, 600), most => Assert.Equal(most, SpanPlan.Filling(most, 0.15, 3).Source));
        Assert.All(Enumerable.Range(3, 600), most => Assert.InRange(SpanPlan.Filling(most, 0.8, 3).Target, most - 2, most));
        Assert.Equal(0, SpanPlan.Filling(2, 0.15, 3).Tokens);
    }

    [Theory]
    [InlineData(2, 0.15, 3, 1, 1)]
    [InlineData(10, 0.15, 3, 2, 1)]
    [InlineData(30, 0.15, 3, 4, 1)]
    [InlineData(10, 0.99, 1, 9, 1)]
    [InlineData(10, 0.5, 1, 5, 5)]
    public void Noise_and_spans_are_rounded_to_even_and_at_least_one(int tokens, double density, double mean, int noise, int spans) =>
        Assert.Equal(new SpanPlan(tokens, noise, spans), SpanPlan.Of(tokens, density, mean));

    // Noise of 1 and 2, text of 3 and 4 tokens: the first cut of each is what is drawn.
    [Fact]
    public void Span_corruption_by_pencil()
    {
        (int[] source, int[] target) = SpanCorruption.Apply(
            [.. Enumerable.Range(10, 10)], new SpanPlan(10, 3, 2), _sentinels, new ScriptedRandom(numbers: [0, 2]));

        Assert.Equal([10, 11, 12, -1, 14, 15, 16, 17, -2], source);
        Assert.Equal([-1, 13, -2, 18, 19], target);
    }

    [Fact]
    public void All_masks_are_equally_probable()
    {
        // Noise of 3 tokens in 2 spans: 2 ways; text of 5 tokens in 2 spans: 4 ways.
        var random = new Random(1);
        Dictionary<string, int> sources = Of(Draws, () => string.Join(' ', SpanCorruption.Apply([1, 2, 3, 4, 5, 6, 7, 8], new SpanPlan(8, 3, 2), _sentinels, random).Source));

        AssertUniform(8, sources.Values);
        Assert.All(sources.Keys, source => Assert.Matches("^1 .*-1 .*-2$", source));
    }

    [Fact]
    public void Sentinels_stand_in_order_and_source_and_target_make_the_text()
    {
        var random = new Random(2);
        SpanPlan plan = SpanPlan.Filling(512, 0.15, 3);
        int[] ids = [.. Enumerable.Range(0, plan.Tokens)];
        var noiseAt = new int[plan.Tokens];
        var lengths = new Dictionary<int, int>();
        for (int draw = 0; draw < Draws / plan.Noise; draw++)
        {
            (int[] source, int[] target) = SpanCorruption.Apply(ids, plan, _sentinels, random);
            Assert.Equal((plan.Source - 1, plan.Target - 1), (source.Length, target.Length));
            Assert.Equal(_sentinels.Take(plan.Spans), source.Where(id => id < 0));
            Assert.Equal(_sentinels.Take(plan.Spans), target.Where(id => id < 0));
            Assert.True(source[0] == 0 && source[^1] < 0 && target[0] < 0 && target[^1] == ids[^1]);
            Assert.Equal(ids, Filled(source, target));
            foreach (int id in target.Where(id => id >= 0))
            {
                noiseAt[id]++;
            }
            foreach (int length in Lengths(target))
            {
                lengths[length] = lengths.GetValueOrDefault(length) + 1;
            }
        }

        int spans = lengths.Values.Sum();
        Assert.Equal(85.0 / 28, lengths.Sum(item => (double)item.Key * item.Value) / spans, 1e-9);
        // Of 84 places between tokens of noise 27 are cut: a span ends after its first token with a probability of 27 to 84.
        Assert.Equal(27.0 / 84, (double)lengths[1] / spans, 0.02);
        Assert.Equal(57.0 / 84 * 27 / 83, (double)lengths[2] / spans, 0.02);
        // Text comes first and noise last, so that in between are about 2 tokens of noise less than their share of 85 of 568.
        Assert.Equal(83.2 / 568, noiseAt[100..500].Average() / (Draws / plan.Noise), 0.003);
    }

    [Fact]
    public void Any_beginning_is_equally_often_the_prefix()
    {
        var random = new Random(3);
        (int[] read, int[] written) = PrefixSplit.Apply([10, 11, 12, 13, 14], new ScriptedRandom(numbers: [3]));
        Assert.Equal([10, 11, 12], read);
        Assert.Equal([13, 14], written);

        AssertUniform(4, Of(Draws, () =>
        {
            (int[] source, int[] target) = PrefixSplit.Apply([1, 2, 3, 4, 5], random);
            Assert.Equal([1, 2, 3, 4, 5], [.. source, .. target]);
            return source.Length;
        }).Values);
    }

    [Fact]
    public void Any_order_is_equally_often_to_be_put_right()
    {
        var random = new Random(4);
        Assert.Equal([12, 10, 11], Deshuffling.Apply([10, 11, 12], new ScriptedRandom(numbers: [2, 2])).Source);

        AssertUniform(24, Of(Draws, () =>
        {
            (int[] source, int[] target) = Deshuffling.Apply([1, 2, 3, 4], random);
            Assert.Equal([1, 2, 3, 4], target);
            return string.Concat(source);
        }).Values);
    }

    private static int[] Filled(int[] source, int[] target) => [.. source.SelectMany(id => id >= 0
        ? [id]
        : target[(Array.IndexOf(target, id) + 1)..].TakeWhile(other => other >= 0))];

    private static IEnumerable<int> Lengths(int[] target) =>
        _sentinels.Where(target.Contains).Select(sentinel => target[(Array.IndexOf(target, sentinel) + 1)..].TakeWhile(id => id >= 0).Count());
}
