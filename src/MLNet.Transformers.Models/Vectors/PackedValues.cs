using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Packs float32 matrices, a row at a time.</summary>
internal static unsafe class PackedValues
{
    /// <summary>A matrix in blocks; null where its columns are not whole blocks.</summary>
    /// <param name="values">(rows, columns), float32, contiguous, on the CPU.</param>
    /// <param name="fourBits">Whether a value has four bits, instead of eight.</param>
    public static WeightMatrix? Pack(Tensor values, bool fourBits)
    {
        if (values.dim() != 2 || values.shape[1] % Quantization.Block != 0)
        {
            return null;
        }
        (int rows, int columns) = ((int)values.shape[0], (int)values.shape[1]);
        float* from = TensorMemory.Float32(values);
        return fourBits
            ? BlockTiles<Q4_1Format>.Of(rows, columns, row => Row(from, row, columns, Q4_1Format.BlockBytes, Quantization.Q4_1))
            : BlockTiles<Q8_0Format>.Of(rows, columns, row => Row(from, row, columns, Q8_0Format.BlockBytes, Quantization.Q8_0));
    }

    private delegate void Quantize(ReadOnlySpan<float> values, Span<byte> block);

    private static ReadOnlySpan<byte> Row(float* matrix, int row, int columns, int blockBytes, Quantize quantize)
    {
        var values = new ReadOnlySpan<float>(matrix + ((long)row * columns), columns);
        var blocks = new byte[columns / Quantization.Block * blockBytes];
        for (int block = 0; block < columns / Quantization.Block; block++)
        {
            quantize(values.Slice(block * Quantization.Block, Quantization.Block), blocks.AsSpan(block * blockBytes, blockBytes));
        }
        return blocks;
    }
}
