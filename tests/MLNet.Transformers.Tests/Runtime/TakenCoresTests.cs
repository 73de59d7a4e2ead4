using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class TakenCoresTests
{
    [Theory]
    [InlineData(new[] { 0.0, 0.2, 0.45, 0.45 }, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 0.0, 1.0, 1.0 }, new[] { 0, 0, 1 })]
    [InlineData(new[] { 0.5, 0.5 }, new[] { 0, 1 })]
    [InlineData(new[] { 2.7, 3.2, 3.2 }, new[] { 0, 3, 3 })]
    public void A_core_is_given_away_when_a_second_look_confirms_the_first(double[] busy, int[] taken) => Assert.Equal(taken, Judge(busy));

    [Fact]
    public void Who_is_there_for_a_moment_gets_none() => Assert.Equal([0, 0, 0, 0, 0], Judge(0.0, 0.9, 0.0, 0.9, 0.1));

    [Fact]
    public void It_is_taken_back_after_the_third_quiet_look() => Assert.Equal([0, 1, 1, 1, 0, 0], Judge(1.0, 1.0, 0.0, 0.0, 0.0, 0.0));

    [Fact]
    public void Who_comes_and_goes_keeps_it() => Assert.Equal([0, 1, 1, 1, 1, 1, 1], Judge(1.0, 1.0, 0.0, 0.0, 0.8, 0.0, 0.0));

    [Fact]
    public void Half_a_core_does_not_swing() => Assert.Equal([0, 1, 1, 1, 1, 1, 1], Judge(0.55, 0.55, 0.45, 0.45, 0.45, 0.45, 0.55));

    [Fact]
    public void Several_cores_are_taken_back_together() => Assert.Equal([0, 6, 6, 6, 2], Judge(6.1, 6.1, 2.0, 2.1, 1.9));

    private static int[] Judge(params double[] busy)
    {
        var cores = new TakenCores();
        return [.. busy.Select(count =>
        {
            cores.Add(count);
            return cores.Count;
        })];
    }
}
