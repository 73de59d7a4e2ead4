using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>Gives the values of a tensor in pieces, its rows in any order; no more than one block is decoded that is not wanted whole.</summary>
/// <param name="file">The file.</param>
/// <param name="tensor">A tensor of it.</param>
/// <param name="rowValues">Values of a row.</param>
/// <param name="storedRow">Which row of the file is which row of the result.</param>
internal sealed class GgufRows(MappedFile file, GgufTensor tensor, long rowValues, Func<long, long> storedRow)
{
    // Blocks decoded in one go: their bytes have to fit into a span.
    private const int MostBlocks = 1 << 20;

    private readonly GgufType _type = tensor.Type;
    private readonly int _valueBytes = tensor.Type.Values.ElementSize();
    private readonly byte[] _block = new byte[tensor.Type.BlockValues * tensor.Type.Values.ElementSize()];

    /// <summary>Fills the target with the bytes of the values from an offset on.</summary>
    public void Read(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            (long row, long within) = Math.DivRem(offset, rowValues * _valueBytes);
            (long block, long inBlock) = Math.DivRem(within, _block.Length);
            long place = tensor.Offset + (storedRow(row) * (rowValues / _type.BlockValues) + block) * _type.BlockBytes;
            int whole = (int)Math.Min(Math.Min(target.Length, rowValues * _valueBytes - within) / _block.Length, MostBlocks);
            int count;
            if (inBlock == 0 && whole > 0)
            {
                count = whole * _block.Length;
                Decode(file.Span(place, whole * _type.BlockBytes), target[..count]);
            }
            else
            {
                count = (int)Math.Min(target.Length, _block.Length - inBlock);
                Decode(file.Span(place, _type.BlockBytes), _block);
                _block.AsSpan((int)inBlock, count).CopyTo(target);
            }
            target = target[count..];
            offset += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode(ReadOnlySpan<byte> blocks, Span<byte> target)
    {
        if (_type.Decode is not { } decode)
        {
            blocks.CopyTo(target);
            return;
        }
        Span<float> values = MemoryMarshal.Cast<byte, float>(target);
        while (blocks.Length > 0)
        {
            decode(blocks[.._type.BlockBytes], values[.._type.BlockValues]);
            blocks = blocks[_type.BlockBytes..];
            values = values[_type.BlockValues..];
        }
    }
}
