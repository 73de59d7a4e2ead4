using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// Blocks of 32 values: a scale, in the _1 types a minimum, and 4, 5 or 8 bits a value. The first sixteen values are the low halves of the bytes, the
/// others the high ones (source: ggml-quants.c, dequantize_row_*). Every step is float32 arithmetic in ggml's order, so the results are its own.
/// </summary>
internal static class SmallBlocks
{
    // AggressiveOptimization here and in SuperBlocks: a file is decoded once, at the start of a process, before the runtime has found out what is worth
    // compiling well (0.4 s instead of 1.9 s for 135 M parameters).
    private const int Half = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half16(block);
        ReadOnlySpan<byte> bits = block.Slice(2, Half);
        for (int i = 0; i < bits.Length; i++)
        {
            values[i] = ((bits[i] & 0xF) - 8) * scale;
            values[i + Half] = ((bits[i] >> 4) - 8) * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        (float scale, float minimum) = (Half16(block), Half16(block[2..]));
        ReadOnlySpan<byte> bits = block.Slice(4, Half);
        for (int i = 0; i < bits.Length; i++)
        {
            values[i] = (bits[i] & 0xF) * scale + minimum;
            values[i + Half] = (bits[i] >> 4) * scale + minimum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half16(block);
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        ReadOnlySpan<byte> bits = block.Slice(6, Half);
        for (int i = 0; i < bits.Length; i++)
        {
            values[i] = ((bits[i] & 0xF | Bit(fifth, i)) - 16) * scale;
            values[i + Half] = ((bits[i] >> 4 | Bit(fifth, i + Half)) - 16) * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        (float scale, float minimum) = (Half16(block), Half16(block[2..]));
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        ReadOnlySpan<byte> bits = block.Slice(8, Half);
        for (int i = 0; i < bits.Length; i++)
        {
            values[i] = (bits[i] & 0xF | Bit(fifth, i)) * scale + minimum;
            values[i + Half] = (bits[i] >> 4 | Bit(fifth, i + Half)) * scale + minimum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Half16(block);
        ReadOnlySpan<sbyte> numbers = MemoryMarshal.Cast<byte, sbyte>(block.Slice(2, 2 * Half));
        for (int i = 0; i < numbers.Length; i++)
        {
            values[i] = numbers[i] * scale;
        }
    }

    /// <summary>The float16 at the beginning.</summary>
    internal static float Half16(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    // Bit i as the fifth of a number.
    private static int Bit(uint bits, int i) => (int)(bits >> i & 1) << 4;
}
