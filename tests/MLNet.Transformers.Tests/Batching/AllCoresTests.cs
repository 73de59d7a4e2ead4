using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Tests.Batching;

public class AllCoresTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void What_fails_is_thrown_as_it_is(int count)
    {
        var error = Assert.Throws<FormatException>(() => AllCores.For(count, number => throw new FormatException($"row {number}")));

        Assert.StartsWith("row ", error.Message);
    }

    [Fact]
    public void Each_number_comes_once()
    {
        int[] seen = new int[1000];
        AllCores.For(seen.Length, number => Interlocked.Increment(ref seen[number]));

        Assert.All(seen, times => Assert.Equal(1, times));
    }
}
