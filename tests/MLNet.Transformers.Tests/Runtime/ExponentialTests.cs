using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>The exponential function of vectors is that of numbers.</summary>
public class ExponentialTests
{
    [Fact]
    public void It_is_right_to_two_units_in_the_last_place()
    {
        for (float x = -87.3f; x < 88.7f; x += 0.00137f)
        {
            float found = Of(x), right = (float)Math.Exp(x);
            Assert.True(Math.Abs(found - (double)right) <= 2 * (MathF.BitIncrement(right) - (double)right), $"e^{x}: {found}, not {right}");
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-88f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Its_ends_are_right(float x, float right) => Assert.Equal(right, Of(x));

    private static float Of(float x) => Exponential.Of(Vector512.Create(x))[7];
}
