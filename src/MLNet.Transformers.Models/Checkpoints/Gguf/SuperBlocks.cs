using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static MLNet.Transformers.Models.Checkpoints.Gguf.SmallBlocks;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// Blocks of 256 values ("K"): one float16 scale, and in each part of 16 or 32 values a scale, or scale and minimum, of a few bits
/// (source: ggml-quants.c, dequantize_row_*_K). Every step is float32 arithmetic in ggml's order, so the results are its own.
/// </summary>
internal static class SuperBlocks
{
    private const int Part = 16;

    // Bytes whose two-bit, or four-bit, fields make up 128 values.
    private const int Run = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q2_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> scales = block[..16], bits = block.Slice(16, 64);
        (float scale, float minimum) = (Half16(block[80..]), Half16(block[82..]));
        for (int part = 0; part < scales.Length; part++)
        {
            (float step, float offset) = (scale * (scales[part] & 0xF), minimum * (scales[part] >> 4));
            (int first, int shift) = TwoBits(part);
            for (int i = 0; i < Part; i++)
            {
                values[part * Part + i] = step * (bits[first + i] >> shift & 3) - offset;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q3_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> high = block[..32], bits = block.Slice(32, 64), packed = block.Slice(96, 12);
        float scale = Half16(block[108..]);
        for (int part = 0; part < Part; part++)
        {
            // Six bits: four from the first eight bytes, two from the last four.
            int low = packed[part % 8] >> (part / 8 * 4) & 0xF;
            float step = scale * ((low | (packed[8 + part % 4] >> (part / 4 * 2) & 3) << 4) - 32);
            (int first, int shift) = TwoBits(part);
            int mask = 1 << (part / 2);
            for (int i = 0; i < Part; i++)
            {
                int missing = (high[first % Run + i] & mask) == 0 ? 4 : 0;
                values[part * Part + i] = step * ((bits[first + i] >> shift & 3) - missing);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q4_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> bits = block.Slice(16, 128);
        for (int part = 0; part < 8; part++)
        {
            (float step, float offset) = ScaleAndMinimum(block, part);
            ReadOnlySpan<byte> from = bits.Slice(part / 2 * Run, Run);
            int shift = part % 2 * 4;
            for (int i = 0; i < Run; i++)
            {
                values[part * Run + i] = step * (from[i] >> shift & 0xF) - offset;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q5_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> fifth = block.Slice(16, 32), bits = block.Slice(48, 128);
        for (int part = 0; part < 8; part++)
        {
            (float step, float offset) = ScaleAndMinimum(block, part);
            ReadOnlySpan<byte> from = bits.Slice(part / 2 * Run, Run);
            int shift = part % 2 * 4;
            for (int i = 0; i < Run; i++)
            {
                values[part * Run + i] = step * ((from[i] >> shift & 0xF) + ((fifth[i] >> part & 1) << 4)) - offset;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q6_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> low = block[..128], high = block.Slice(128, 64);
        ReadOnlySpan<sbyte> scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, 16));
        float scale = Half16(block[208..]);
        for (int part = 0; part < scales.Length; part++)
        {
            float step = scale * scales[part];
            // 128 values: the low halves of 64 bytes, then the high ones; their upper bits are in 32 bytes, two bits for each quarter.
            (int half, int within) = (part / 8, part % 8 * Part);
            (int first, int shift) = (half * 64 + within % 64, within / 64 * 4);
            (int upper, int upperShift) = (half * Run + within % Run, within / Run * 2);
            for (int i = 0; i < Part; i++)
            {
                int value = low[first + i] >> shift & 0xF | (high[upper + i] >> upperShift & 3) << 4;
                values[part * Part + i] = step * (value - 32);
            }
        }
    }

    // Sixteen parts of 16 values: in each half of the block, the lowest two bits of 32 bytes, then the next.
    private static (int First, int Shift) TwoBits(int part) => (part / 8 * Run + part % 2 * Part, part % 8 / 2 * 2);

    private static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int part)
    {
        (int scale, int minimum) = SixBits(block.Slice(4, 12), part);
        return (Half16(block) * scale, Half16(block[2..]) * minimum);
    }

    /// <summary>Scales and minima of six bits, eight of each in twelve bytes.</summary>
    internal static (int Scale, int Minimum) SixBits(ReadOnlySpan<byte> packed, int part) => part < 4
        ? (packed[part] & 63, packed[part + 4] & 63)
        : (packed[part + 4] & 0xF | packed[part - 4] >> 6 << 4, packed[part + 4] >> 4 | packed[part] >> 6 << 4);
}
