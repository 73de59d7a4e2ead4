namespace MLNet.Transformers.Models.Vectors;

/// <summary>A vector of float32 that products read or write.</summary>
internal sealed unsafe class VectorBuffer : IDisposable
{
    /// <summary>Values of a block; what is behind the last value up to a whole block is 0.</summary>
    public const int Block = 32;

    private readonly NativeBuffer _memory;
    private readonly int _blocks;

    public VectorBuffer(int length)
    {
        (Length, _blocks) = (length, (length + Block - 1) / Block);
        _memory = new NativeBuffer((long)_blocks * ((2 * Block) + 1) * sizeof(float));
    }

    public int Length { get; }

    public float* Pointer => (float*)_memory.Pointer;

    /// <summary>Of each sixteen values those at even places, then those at odd ones, after <see cref="Prepare"/>.</summary>
    public float* Split => Pointer + (_blocks * Block);

    /// <summary>The sum of each block, after <see cref="Prepare"/>.</summary>
    public float* Sums => Split + (_blocks * Block);

    public Span<float> Values => new(Pointer, Length);

    /// <summary>Makes what the products with some formats read besides the values.</summary>
    public void Prepare()
    {
        float* values = Pointer, split = Split, sums = Sums;
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
