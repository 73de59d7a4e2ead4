using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Tests.Batching;

public class FeatureHashTests
{
    private static readonly LabelledSequence<int> _row = new(new TokenSequence([1, 2, 3], [0, 0, 1]), [4]);

    [Fact]
    public void All_that_is_learnt_of_a_row_is_in_the_hash()
    {
        LabelledSequence<int>[] others =
        [
            new(new TokenSequence([1, 2, 4], [0, 0, 1]), [4]),
            new(new TokenSequence([1, 2, 3], [0, 1, 1]), [4]),
            new(new TokenSequence([1, 2, 3]), [4]),
            new(new TokenSequence([1, 2, 3], [0, 0, 1]), [5]),
            new(new TokenSequence([1, 2, 3], [0, 0, 1]), []),
        ];

        Assert.All(others, other => Assert.NotEqual(FeatureHash.Of([_row]), FeatureHash.Of([other])));
        Assert.Equal(FeatureHash.Of([_row]), FeatureHash.Of([_row with { }]));
    }

    [Fact]
    public void Two_rows_are_not_one_with_the_ids_of_both() =>
        Assert.NotEqual(
            FeatureHash.Of<TokenSequence>([new([1, 2]), new([3])]),
            FeatureHash.Of<TokenSequence>([new([1]), new([2, 3])]));

    [Fact]
    public void The_order_of_rows_counts() =>
        Assert.NotEqual(FeatureHash.Of<TokenSequence>([new([1]), new([2])]), FeatureHash.Of<TokenSequence>([new([2]), new([1])]));
}
