using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers.Tests.Pretraining;

public class SentencePairTests
{
    private const int Draws = 100_000;

    // Sentences of two tokens: 0 0 1 1 2 2 ...
    private static TextBlock Numbered(int first, int sentences) => TextBlock.Of(
        [.. Enumerable.Range(first, sentences).SelectMany(number => new[] { number, number })], [.. Enumerable.Range(1, sentences).Select(number => 2 * number)]);

    [Fact]
    public void Half_of_the_pairs_are_of_two_documents_and_a_tenth_is_short()
    {
        TextBlock other = Numbered(100, 10);
        TextBlock block = Numbered(0, 10) with { Another = _ => other };
        var random = new Random(1);
        (int follows, int shorter) = (0, 0);
        var splits = new int[10];
        for (int draw = 0; draw < Draws; draw++)
        {
            SentencePair pair = SentencePair.Draw(block, room: 20, shortShare: 0.1, random);
            follows += pair.Follows ? 1 : 0;
            Assert.Equal(pair.Follows, pair.Second[0] < 100);
            Assert.True(pair.First.Length + pair.Second.Length <= 20);
            Assert.NotEmpty(pair.First);
            if (pair.Follows)
            {
                int[] whole = [.. pair.First, .. pair.Second];
                Assert.Equal(Enumerable.Range(whole[0] * 2, whole.Length).Select(place => place / 2), whole);
                shorter += whole.Length < 20 ? 1 : 0;
                splits[pair.First.Length / 2] += whole.Length == 20 ? 1 : 0;
            }
        }

        // A text that is cut down to one sentence has no next one, and its pair is of two documents.
        Assert.Equal(0.5, (double)follows / Draws, 0.012);
        Assert.Equal(0.1, (double)shorter / follows, 0.02);
        Assert.All(splits[1..], count => Assert.Equal(splits.Sum() / 9.0, count, 350.0));
    }

    [Fact]
    public void The_longer_text_is_cut_at_both_ends()
    {
        TextBlock other = TextBlock.Of([.. Enumerable.Range(100, 30)]);
        TextBlock block = TextBlock.Of([1, 2, 3], 3) with { Another = _ => other };
        var firsts = new HashSet<int>();
        for (int draw = 0; draw < 200; draw++)
        {
            SentencePair pair = SentencePair.Draw(block, room: 12, shortShare: 0, new Random(draw));

            Assert.Equal([1, 2, 3], pair.First);
            Assert.Equal(Enumerable.Range(pair.Second[0], 9), pair.Second);
            firsts.Add(pair.Second[0]);
        }
        Assert.True(firsts.Count > 5);
    }

    [Fact]
    public void Where_there_is_no_other_document_the_text_goes_on()
    {
        SentencePair of = SentencePair.Draw(TextBlock.Of([1, 2, 3, 4, 5]), room: 8, shortShare: 0, new Random(1));

        Assert.Equal([1, 2, 3], of.First);
        Assert.Equal([4, 5], of.Second);
        Assert.True(of.Follows);
        Assert.All(Enumerable.Range(0, 50), seed => Assert.True(SentencePair.Draw(Numbered(0, 4), room: 8, shortShare: 0, new Random(seed)).Follows));
    }
}
