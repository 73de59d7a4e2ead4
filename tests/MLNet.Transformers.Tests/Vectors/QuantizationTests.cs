using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Vectors;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>Values in blocks are as near as their steps allow, and blocks are ggml's.</summary>
public class QuantizationTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(0.02f)]
    [InlineData(300f)]
    public void Eight_bits_are_half_a_step_away_at_most(float size)
    {
        float[] values = Values(size);
        byte[] block = new byte[34];
        float[] found = new float[32];

        Quantization.Q8_0(values, block);
        SmallBlocks.Q8_0(block, found);

        // A float16 scale is off by a two thousandth.
        float step = values.Max(Math.Abs) / 127;
        Assert.All(values.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, step * 0.57f));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.02f)]
    [InlineData(300f)]
    public void Four_bits_err_no_more_than_the_plain_range_does(float size)
    {
        float[] values = Values(size);
        byte[] block = new byte[20];
        float[] found = new float[32];

        Quantization.Q4_1(values, block);
        SmallBlocks.Q4_1(block, found);

        float step = (values.Max() - values.Min()) / 15;
        double plain = values.Sum(value => Math.Pow(value - (values.Min() + (MathF.Round((value - values.Min()) / step) * step)), 2));
        Assert.InRange(values.Zip(found, (a, b) => Math.Pow(a - b, 2)).Sum(), 0, plain * 1.02);
    }

    [Fact]
    public void Equal_values_stay_what_they_are()
    {
        float[] found = new float[32], values = [.. Enumerable.Repeat(-0.25f, 32)];
        byte[] eight = new byte[34], four = new byte[20];

        Quantization.Q8_0(values, eight);
        SmallBlocks.Q8_0(eight, found);
        Assert.All(found, value => Assert.Equal(-0.25f, value, 1e-3f));
        Quantization.Q4_1(values, four);
        SmallBlocks.Q4_1(four, found);
        Assert.All(found, value => Assert.Equal(-0.25f, value));
        Quantization.Q4_1(new float[32], four);
        SmallBlocks.Q4_1(four, found);
        Assert.All(found, value => Assert.Equal(0, value));
    }

    // Most are small, and one in sixteen is not.
    private static float[] Values(float size)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 32).Select(i => (float)(random.NextDouble() - 0.5) * size * (i % 16 == 3 ? 1 : 0.3f))];
    }
}
