using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;
using static MLNet.Transformers.Tests.Pretraining.Noises.Tallies;

namespace MLNet.Transformers.Tests.Pretraining.Noises;

/// <summary>GLM's blanks.</summary>
public class BlankNoiseTests
{
    private const int Blank = -1;
    private const int Start = -2;
    private const int End = -3;
    private const int No = (int)LossTerm.Ignored;

    // Figure 2 of the paper, which counts places from 1.
    [Fact]
    public void A_text_with_blanks_by_pencil()
    {
        BlankedText text = BlankedText.Of([1, 2, 3, 4, 5, 6], [new(4, 6), new(2, 3)], Blank, Start, End);

        Assert.Equal([1, 2, Blank, 4, Blank, Start, 5, 6, Start, 3], text.Ids);
        Assert.Equal([0, 1, 2, 3, 4, 4, 4, 4, 2, 2], text.Places);
        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 3, 1, 2], text.BlankPlaces);
        Assert.Equal([No, No, No, No, No, 5, 6, End, 3, End], text.Labels);
        Assert.Equal(5, text.Seen);
    }

    [Fact]
    public void A_blank_that_nothing_ends_by_pencil()
    {
        BlankedText text = BlankedText.Of([1, 2, 3, 4], [new(1, 4)], Blank, Start, endId: null);

        Assert.Equal([1, Blank, Start, 2, 3], text.Ids);
        Assert.Equal([0, 1, 1, 1, 1], text.Places);
        Assert.Equal([0, 0, 1, 2, 3], text.BlankPlaces);
        Assert.Equal([No, No, 2, 3, 4], text.Labels);
    }

    [Fact]
    public void Only_tokens_that_were_filled_in_are_hidden_and_are_still_to_be_written()
    {
        var random = new Random(1);
        BlankedText text = BlankedText.Of([.. Enumerable.Range(0, 60)], [new(30, 59), new(5, 9)], Blank, Start, End);
        var hidden = new int[text.Ids.Length];
        for (int draw = 0; draw < Draws / 33; draw++)
        {
            BlankedText less = text.Hide(0.1, -4, random);
            Assert.Same(text.Labels, less.Labels);
            foreach (int place in Enumerable.Range(0, less.Ids.Length).Where(i => less.Ids[i] == -4))
            {
                hidden[place]++;
            }
        }

        int[] filled = [.. Enumerable.Range(0, text.Ids.Length).Where(i => i >= text.Seen && text.Ids[i] != Start)];
        Assert.Equal(33, filled.Length);
        AssertShare(0.1, filled.Sum(place => hidden[place]), Draws / 33 * 33);
        Assert.Equal(0, hidden.Sum() - filled.Sum(place => hidden[place]));
    }

    // A budget of 3 tokens of 19: lengths 2 and 1, with starts 4 and 11 of the 16 that there are, the second 3 further for the first and the gap.
    [Fact]
    public void Short_spans_by_pencil() => Assert.Equal(
        [new(4, 6), new(14, 15)],
        BlankSpans.Short(20, 0.15, SpanLengths.OfBlanks(3), new ScriptedRandom([0.3, 0.1], [0, 4, 11])));

    [Fact]
    public void Short_spans_reach_their_share_with_a_token_between_them_and_their_lengths_are_Poissons_from_1()
    {
        var random = new Random(2);
        var counts = new int[40];
        var at = new int[511];
        (int spans, long masked, int texts) = (0, 0, 0);
        for (; spans < Draws; texts++)
        {
            TokenSpan[] drawn = BlankSpans.Short(511, 0.15, SpanLengths.OfBlanks(3), random);
            int sum = drawn.Sum(span => span.Length);
            Assert.InRange(sum, 76, 76 + 38);
            Assert.True(sum - drawn.Max(span => span.Length) < 76);
            Assert.All(drawn.Zip(drawn.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
            Assert.True(drawn[0].Start >= 0 && drawn[^1].End <= 510);
            masked += sum;
            spans += drawn.Length;
            foreach (TokenSpan span in drawn)
            {
                counts[span.Length]++;
                at[span.Start]++;
            }
        }

        double total = 1 - Math.Exp(-3), probability = Math.Exp(-3);
        for (int length = 1; length <= 12; length++)
        {
            Assert.Equal((probability *= 3.0 / length) / total, (double)counts[length] / spans, 0.006);
        }
        // The last span goes beyond the share by less than its length.
        Assert.InRange((double)masked / texts / 512, 0.15, 0.153);
        // Spans are as frequent in each third of the text.
        Assert.All(at[..510].Chunk(170), third => Assert.Equal(1 / 3.0, (double)third.Sum() / spans, 0.01));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(13, 12)]
    public void Short_texts_have_one_span_at_least_which_leaves_the_last_token(int tokens, int longest)
    {
        var random = new Random(3);
        for (int draw = 0; draw < 1000; draw++)
        {
            TokenSpan[] spans = BlankSpans.Short(tokens, 0.15, SpanLengths.OfBlanks(3), random);
            Assert.NotEmpty(spans);
            Assert.True(spans.Sum(span => span.Length) <= longest && spans[^1].End < tokens);
        }
        Assert.Equal(tokens - 1, BlankSpans.Short(tokens, 1, SpanLengths.OfBlanks(30), random).Sum(span => span.Length + 1) - 1);
    }

    [Fact]
    public void Sentences_are_drawn_until_they_reach_their_share()
    {
        var random = new Random(4);
        int[] ends = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
        // A budget of 15 of 101 tokens: two sentences of 10.
        Dictionary<string, int> pairs = Of(Draws, () => string.Join(' ', BlankSpans.Sentences(ends, 0.15, random).Select(span => $"{span.Start}-{span.End}")));

        AssertUniform(90, pairs.Values);
        Assert.All(pairs.Keys, pair => Assert.Matches("^([0-9]?0-[0-9]+0) ([0-9]?0-[0-9]+0)$", pair));
        Assert.Equal([new TokenSpan(0, 7)], BlankSpans.Sentences([7], 0.15, random));
        // The first has all of the budget.
        Assert.Equal([new TokenSpan(0, 15)], BlankSpans.Sentences([15, 30, 100], 0.15, new ScriptedRandom()));
    }

    [Fact]
    public void A_long_span_is_of_any_length_from_its_share_to_all_but_one_and_anywhere()
    {
        var random = new Random(5);
        Dictionary<string, int> lengths = Of(Draws, () => BlankSpans.LongLength(19, 30, 0.25, random));
        Assert.Equal([.. Enumerable.Range(5, 25)], lengths.Keys.Select(int.Parse).Order());
        AssertUniform(25, lengths.Values);

        // The last token is left, as of short spans.
        AssertUniform(6, Of(Draws, () => BlankSpans.Within(10, 4, random).Single().Start).Values);
        Assert.Equal([1], Of(100, () => BlankSpans.LongLength(2, 2, 0.9, random)).Keys.Select(int.Parse));
    }

    [Fact]
    public void Short_texts_begin_and_end_with_sentences_and_are_as_many_more_as_they_are_shorter()
    {
        var random = new Random(6);
        int[] ends = [.. Enumerable.Range(1, 50).Select(sentence => sentence * 10)];
        TextBlock full = TextBlock.Of([.. Enumerable.Range(0, 500)], ends), small = TextBlock.Of([7, 8, 9]);
        var lengths = new HashSet<int>();
        for (int draw = 0; draw < 2000; draw++)
        {
            IReadOnlyList<TextBlock> texts = ShortTexts.Of([full, small], 500, random);
            int times = texts.Count / 2;
            int longest = 500 / times, shortest = 500 / (times + 1);
            Assert.All(texts.Take(times), text =>
            {
                Assert.True(text.Ids[0] % 10 == 0 && (text.Ids[^1] + 1) % 10 == 0);
                Assert.InRange(text.Ids.Length, Math.Max(shortest - 9, 20), longest);
                Assert.Equal([.. Enumerable.Range(text.Ids[0], text.Ids.Length)], text.Ids);
                Assert.Equal(Enumerable.Range(1, text.Ids.Length / 10).Select(sentence => sentence * 10), text.SentenceEnds);
                lengths.Add(text.Ids.Length);
            });
            Assert.All(texts.Skip(times), text => Assert.Same(small, text));
        }
        Assert.True(lengths.Count > 20);
        TextBlock[] same = [full];
        Assert.Same(same, ShortTexts.Of(same, 32, random));
    }

    [Fact]
    public void Without_a_sentence_near_a_short_text_is_cut_where_it_ends()
    {
        TextBlock text = TextBlock.Of([.. Enumerable.Range(0, 100)]);

        IReadOnlyList<TextBlock> texts = ShortTexts.Of([text], 100, new ScriptedRandom(numbers: [40, 25, 3]));

        Assert.Equal([40, 40], texts.Select(cut => cut.Ids.Length));
        Assert.Equal([0, 0], texts.Select(cut => cut.Ids[0]));
        Assert.Equal([40, 40], texts.SelectMany(cut => cut.SentenceEnds));
    }
}
