using MLNet.Transformers.Pretraining.Noises;
using static MLNet.Transformers.Tests.Pretraining.Noises.Tallies;

namespace MLNet.Transformers.Tests.Pretraining.Noises;

/// <summary>BART's five noises.</summary>
public class DenoisingNoiseTests
{
    private const int Mask = -1;

    private static readonly MaskTokens _masks = new(Mask, 1000, 0);
    private static readonly int[] _ten = [.. Enumerable.Range(10, 10)];

    [Fact]
    public void Token_masking_by_pencil() => Assert.Equal(
        [10, 11, Mask, 13, 14, 15, 16, Mask, 18, 19],
        TokenMasking.Apply(_ten, 0.2, _masks, new ScriptedRandom(numbers: [7, 2])));

    [Fact]
    public void Token_masking_hides_its_share_anywhere_and_puts_random_tokens_there_now_and_then()
    {
        var random = new Random(1);
        int[] ids = [.. Enumerable.Range(1000, 21)];
        var masked = new int[ids.Length];
        (int replaced, int low) = (0, 0);
        for (int draw = 0; draw < Draws / 7; draw++)
        {
            int[] read = TokenMasking.Apply(ids, 0.3, _masks with { RandomShare = 0.1 }, random);
            int[] places = [.. Enumerable.Range(0, ids.Length).Where(i => read[i] != ids[i])];
            Assert.Equal(7, places.Length);
            foreach (int place in places)
            {
                masked[place]++;
                replaced += read[place] == Mask ? 0 : 1;
                low += read[place] is >= 0 and < 500 ? 1 : 0;
            }
        }

        Assert.All(masked, count => AssertShare(7.0 / 21, count, Draws / 7));
        AssertShare(0.1, replaced, masked.Sum());
        AssertShare(0.5, low, replaced);
    }

    [Fact]
    public void Token_deletion_by_pencil() => Assert.Equal(
        [10, 11, 13, 14, 15, 16, 18, 19], TokenDeletion.Apply(_ten, 0.2, new ScriptedRandom(numbers: [7, 2])));

    [Fact]
    public void Token_deletion_leaves_its_share_out_and_the_others_in_order()
    {
        var random = new Random(2);
        var deleted = new int[11];
        int[] ids = [.. Enumerable.Range(0, 11)];
        for (int draw = 0; draw < Draws / 4; draw++)
        {
            int[] read = TokenDeletion.Apply(ids, 0.3, random);
            Assert.Equal(7, read.Length);
            Assert.Equal(read.Order(), read);
            foreach (int id in ids.Except(read))
            {
                deleted[id]++;
            }
        }

        Assert.All(deleted, count => AssertShare(4.0 / 11, count, Draws / 4));
    }

    // Lengths 2, 0 and 4, of which the budget of 5 leaves 3; spans begin at words 1 and 6; the mask of the span of no words goes in front.
    [Fact]
    public void Text_infilling_by_pencil() => Assert.Equal(
        [Mask, 10, Mask, 13, 14, 15, Mask, 19], Infill(_ten, 0.5, new ScriptedRandom([0.3, 0.01, 0.7], [1, 6])));

    [Fact]
    public void Spans_that_overlap_become_one_and_the_last_ends_with_the_text()
    {
        // Lengths 3 and 2, at words 1 and 3: what the first reaches has no mask of its own, and the second goes on behind it.
        Assert.Equal([10, Mask, 15, 16, 17, 18, 19], Infill(_ten, 0.5, new ScriptedRandom([0.5, 0.7], [1, 3])));
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17, 18, Mask], Infill(_ten, 0.3, new ScriptedRandom([0.7], [9])));
    }

    [Fact]
    public void Text_infilling_hides_whole_words()
    {
        (int, int)[] words = [(0, 3), (3, 4), (4, 7), (7, 10)];

        Assert.Equal([10, 11, 12, Mask, 17, 18, 19], TextInfilling.Apply(_ten, words, 0.5, SpanLengths.OfInfilling(3), _masks, new ScriptedRandom([0.4], [1])));
    }

    [Fact]
    public void Lengths_of_infilling_are_Poissons()
    {
        var random = new Random(3);
        SpanLengths lengths = SpanLengths.OfInfilling(3);
        var counts = new int[40];
        for (int draw = 0; draw < Draws; draw++)
        {
            counts[lengths.Next(random)]++;
        }

        Assert.All(Enumerable.Range(0, 15), length => AssertShare(Poisson(3, length), counts[length], Draws));
        Assert.Equal(3, counts.Select((count, length) => (double)count * length).Sum() / Draws, 0.03);
    }

    [Fact]
    public void Text_infilling_draws_as_many_spans_as_fill_its_budget()
    {
        // Of a long text so few words are hidden that spans hardly meet: 6 of 1,000.
        var random = new Random(4);
        int[] ids = [.. Enumerable.Range(0, 1000)];
        (int, int)[] words = [.. ids.Select(id => (id, id + 1))];
        (long masks, long hidden, int texts) = (0, 0, 4000);
        for (int draw = 0; draw < texts; draw++)
        {
            int[] read = TextInfilling.Apply(ids, words, 0.006, SpanLengths.OfInfilling(3), _masks, random);
            int masked = read.Count(id => id == Mask);
            masks += masked;
            hidden += ids.Length - (read.Length - masked);
            int[] kept = [.. read.Where(id => id != Mask)];
            Assert.True(kept.Zip(kept.Skip(1)).All(pair => pair.First < pair.Second));
        }

        Assert.Equal(6, (double)hidden / texts, 0.05);
        // Those of no words are masks, too.
        Assert.Equal(Spans(6), (double)masks / texts, 0.05);
        Assert.True(hidden <= 6L * texts);
    }

    [Fact]
    public void Spans_begin_and_masks_are_put_in_anywhere()
    {
        var random = new Random(5);
        int[] ids = [.. Enumerable.Range(0, 10)];
        var hidden = new int[10];
        var inserted = new int[11];
        (int masks, int once) = (0, 0);
        for (int draw = 0; draw < Draws; draw++)
        {
            // One word: a span of one, and as many of no words as came before it.
            int[] read = Infill(ids, 0.1, random);
            int missing = ids.Except(read).Single();
            hidden[missing]++;
            masks += read.Length - ids.Length;
            once += read.Length == 11 ? 1 : 0;
            int[] places = [.. Enumerable.Range(0, read.Length).Where(i => read[i] == Mask)];
            // Which of two neighbours was put in cannot be told.
            if (places is [int first, int second] && second > first + 1)
            {
                inserted[first == missing ? second : first]++;
            }
        }

        AssertUniform(10, hidden);
        double zero = Math.Exp(-3);
        Assert.Equal(zero / (1 - zero), (double)masks / Draws, 0.004);
        Assert.All(inserted.Select((count, place) => (count, place)), item => AssertShare((item.place is 0 or 10 ? 9 : 8) / 110.0, item.count, once));
    }

    [Fact]
    public void Half_of_three_words_are_two_and_no_budget_changes_nothing()
    {
        Assert.Equal(1, Infill([1, 2, 3], 0.5, new ScriptedRandom([0.4])).Count(id => id > 0));
        Assert.Equal(7, RandomDraws.ShareOf(100, 0.07));
        Assert.Equal(0, RandomDraws.ShareOf(100, 0));
    }

    [Fact]
    public void Sentence_permutation_by_pencil()
    {
        // Sentences 10, 11 12, 13 14 15 and the rest; all are drawn in their order, and each takes the place of the one before it.
        Assert.Equal([11, 12, 13, 14, 15, 16, 17, 18, 19, 10], SentencePermutation.Apply(_ten, [1, 3, 6, 10], 1, new ScriptedRandom(numbers: [0, 1, 2, 1, 2, 3])));
        Assert.Equal(_ten, SentencePermutation.Apply(_ten, [10], 1, new Random(1)));
    }

    [Fact]
    public void All_orders_of_sentences_are_equally_probable()
    {
        var random = new Random(6);

        AssertUniform(24, Of(Draws, () => string.Join(' ', SentencePermutation.Apply([1, 2, 2, 3, 3, 3, 4], [1, 3, 6, 7], 1, random))).Values);
    }

    [Fact]
    public void Of_some_sentences_only_those_drawn_change_places()
    {
        var random = new Random(7);
        Dictionary<string, int> orders = Of(Draws, () => string.Concat(SentencePermutation.Apply([1, 2, 3, 4], [1, 2, 3, 4], 0.5, random)));

        AssertShare(0.5, orders["1234"], Draws);
        AssertUniform(6, [.. orders.Where(order => order.Key != "1234").Select(order => order.Value)]);
    }

    [Fact]
    public void Document_rotation_begins_at_any_token_and_twice_as_often_at_the_first()
    {
        Assert.Equal([13, 14, 15, 16, 17, 18, 19, 10, 11, 12], DocumentRotation.Apply(_ten, 1, new ScriptedRandom(numbers: [3])));
        var random = new Random(8);
        Dictionary<string, int> texts = Of(Draws, () => string.Concat(DocumentRotation.Apply([1, 2, 3, 4, 5], 0.6, random)));

        Assert.Equal(["12345", "23451", "34512", "45123", "51234"], texts.Keys.Order());
        AssertShare(0.4 + 0.6 * 2 / 6, texts["12345"], Draws);
        Assert.All(texts.Where(text => text.Key != "12345"), text => AssertShare(0.6 / 6, text.Value, Draws));
    }

    private static int[] Infill(int[] ids, double share, Random random) =>
        TextInfilling.Apply(ids, [.. ids.Select((_, i) => (i, i + 1))], share, SpanLengths.OfInfilling(3), _masks, random);

    private static double Poisson(double mean, int length) => Enumerable.Range(1, length).Aggregate(Math.Exp(-mean), (probability, k) => probability * mean / k);

    // How many lengths are drawn until they reach a budget, on average.
    private static double Spans(int budget) => budget <= 0
        ? 0
        : (1 + Enumerable.Range(1, 30).Sum(length => Poisson(3, length) * Spans(budget - length))) / (1 - Poisson(3, 0));
}
