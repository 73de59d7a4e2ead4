using System.Runtime.CompilerServices;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Vectors of float32 that products read or write, one for each token that is read at once.</summary>
internal sealed unsafe class VectorBuffer : IDisposable
{
    /// <summary>Values of a block; what is behind the last value up to a whole block is 0.</summary>
    public const int Block = 32;

    private readonly NativeBuffer _memory;
    private readonly int _blocks;

    /// <param name="length">Values of a vector.</param>
    /// <param name="count">Vectors.</param>
    public VectorBuffer(int length, int count = 1)
    {
        (Length, Count, _blocks) = (length, count, (length + Block - 1) / Block);
        _memory = new NativeBuffer((long)count * Stride * sizeof(float));
    }

    public int Length { get; }

    public int Count { get; }

    // A vector, the same split, and the sums of its blocks.
    private int Stride => _blocks * ((2 * Block) + 1);

    public float* Pointer(int vector) => (float*)_memory.Pointer + ((long)vector * Stride);

    /// <summary>Of each sixteen values those at even places, then those at odd ones, after <see cref="Prepare"/>.</summary>
    public float* Split(int vector) => Pointer(vector) + (_blocks * Block);

    /// <summary>The sum of each block, after <see cref="Prepare"/>.</summary>
    public float* Sums(int vector) => Split(vector) + (_blocks * Block);

    public Span<float> Values(int vector) => new(Pointer(vector), Length);

    /// <summary>Makes what the products with some formats read besides the values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prepare(int vector)
    {
        float* values = Pointer(vector), split = Split(vector), sums = Sums(vector);
        for (int block = 0; block < _blocks; block++, values += Block, split += Block)
        {
            float sum = 0;
            for (int i = 0; i < Block; i += 2)
            {
                // Place 2 p of sixteen goes to p, place 2 p + 1 to 8 + p.
                int place = (i & 16) + ((i & 15) / 2);
                (split[place], split[place + 8]) = (values[i], values[i + 1]);
                sum += values[i] + values[i + 1];
            }
            sums[block] = sum;
        }
    }

    public void Dispose() => _memory.Dispose();
}
