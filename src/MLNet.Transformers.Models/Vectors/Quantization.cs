using System.Buffers.Binary;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Values as the blocks of a GGUF file: 32 at once, with scales that are float16.</summary>
internal static class Quantization
{
    public const int Block = 32;

    // Shares of the range that four bits may cover: what is beyond is cut off, and the rest has finer steps.
    private static readonly float[] _shares = [1, 0.95f, 0.9f, 0.85f];

    /// <summary>Eight bits: the nearest of 255 steps between the largest value and its opposite.</summary>
    /// <param name="values">32 values.</param>
    /// <param name="block">34 bytes of Q8_0.</param>
    public static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }
        var scale = (Half)(largest / sbyte.MaxValue);
        BinaryPrimitives.WriteHalfLittleEndian(block, scale);
        float steps = scale == Half.Zero ? 0 : 1 / (float)scale;
        for (int i = 0; i < Block; i++)
        {
            block[2 + i] = (byte)(sbyte)Math.Clamp(MathF.Round(values[i] * steps), -sbyte.MaxValue, sbyte.MaxValue);
        }
    }

    /// <summary>Four bits: sixteen steps from the smallest value to the largest, or a part of that range where the squared error is smaller.</summary>
    /// <param name="values">32 values.</param>
    /// <param name="block">20 bytes of Q4_1.</param>
    public static void Q4_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        (float smallest, float largest) = (float.MaxValue, float.MinValue);
        foreach (float value in values)
        {
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }
        double least = double.MaxValue;
        Span<byte> tried = stackalloc byte[block.Length];
        foreach (float share in _shares)
        {
            float cut = (largest - smallest) * (1 - share) / 2;
            double error = Q4_1(values, smallest + cut, largest - cut, tried);
            if (error < least)
            {
                least = error;
                tried.CopyTo(block);
            }
        }
    }

    private static double Q4_1(ReadOnlySpan<float> values, float smallest, float largest, Span<byte> block)
    {
        Half scale = (Half)((largest - smallest) / 15), minimum = (Half)smallest;
        BinaryPrimitives.WriteHalfLittleEndian(block, scale);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], minimum);
        float steps = scale == Half.Zero ? 0 : 1 / (float)scale;
        double error = 0;
        for (int i = 0; i < Block / 2; i++)
        {
            block[4 + i] = (byte)(Step(values[i]) | (Step(values[i + (Block / 2)]) << 4));
        }
        return error;

        int Step(float value)
        {
            int step = (int)Math.Clamp(MathF.Round((value - (float)minimum) * steps), 0, 15);
            double difference = value - ((step * (float)scale) + (float)minimum);
            error += difference * difference;
            return step;
        }
    }
}
