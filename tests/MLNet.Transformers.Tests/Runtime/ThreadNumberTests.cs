using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class ThreadNumberTests
{
    [Fact]
    public void Follows_the_free_cores_down_and_up()
    {
        ThreadNumber number = ThreadNumber.None.Next(found: 8, free: 8);
        Assert.Equal(8, number.Told);

        number = number.Next(found: 8, free: 3);
        Assert.Equal(3, number.Told);

        Assert.Equal(8, number.Next(found: 3, free: 8).Told);
    }

    [Fact]
    public void What_is_found_first_is_the_most() => Assert.Equal(2, ThreadNumber.None.Next(found: 2, free: 8).Told);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(16, 8)]
    public void A_number_that_the_user_sets_later_is_the_most_from_then_on(int set, int told)
    {
        ThreadNumber number = ThreadNumber.None.Next(found: 8, free: 8).Next(found: 8, free: 4);

        number = number.Next(found: set, free: 8);

        Assert.Equal((told, set), (number.Told, number.Limit));
        Assert.Equal(told, number.Next(found: number.Told, free: 8).Told);
    }

    [Fact]
    public void Stays_the_same_object_while_nothing_changes()
    {
        ThreadNumber number = ThreadNumber.None.Next(found: 2, free: 2);

        Assert.Same(number, number.Next(found: 2, free: 2));
    }
}
