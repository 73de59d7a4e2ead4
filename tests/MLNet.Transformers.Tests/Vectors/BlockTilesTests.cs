using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>Products with blocks of a few bits are products with the values that the blocks stand for.</summary>
public unsafe class BlockTilesTests
{
    private const uint Q4_0 = 2, Q4_1 = 3, Q8_0 = 8, Q4_K = 12, Q6_K = 14;

    [Theory]
    [InlineData(Q4_0, 16, 1)]
    [InlineData(Q4_0, 35, 5)]
    [InlineData(Q4_1, 16, 1)]
    [InlineData(Q4_1, 7, 4)]
    [InlineData(Q8_0, 16, 1)]
    [InlineData(Q8_0, 49, 3)]
    [InlineData(Q4_K, 16, 1)]
    [InlineData(Q4_K, 20, 3)]
    [InlineData(Q6_K, 16, 1)]
    [InlineData(Q6_K, 33, 2)]
    public void A_product_is_that_of_the_decoded_weights(uint number, int rows, int blocks)
    {
        NativeBackend.EnsureLoaded();
        GgufType type = Type(number);
        byte[][] matrix = [.. Enumerable.Range(0, rows).Select(row => Blocks(type, blocks, seed: row))];
        int columns = blocks * type.BlockValues;
        using WeightMatrix packed = type.Pack!(rows, columns, row => matrix[row]);
        using var x = new VectorBuffer(columns);
        var random = new Random(5);
        foreach (ref float value in x.Values(0))
        {
            value = (float)(random.NextDouble() - 0.3);
        }
        x.Prepare(0);
        using var y = new VectorBuffer(rows);
        using var halves = new VectorBuffer(rows);

        packed.Multiply(x, y, 1, 0, packed.Tiles);
        for (int tile = 0; tile < packed.Tiles; tile++)
        {
            MultiplyByHalves(packed, x, halves, tile);
        }

        for (int row = 0; row < rows; row++)
        {
            AssertProduct(Decoded(type, matrix[row]), x.Values(0), y.Values(0)[row], $"row {row}");
            AssertProduct(Decoded(type, matrix[row]), x.Values(0), halves.Values(0)[row], $"row {row}, eight lanes");
        }
    }

    [Theory]
    [InlineData(Q4_0)]
    [InlineData(Q4_1)]
    [InlineData(Q8_0)]
    [InlineData(Q4_K)]
    [InlineData(Q6_K)]
    public void Rows_come_back_as_the_decoder_gives_them_and_many_vectors_are_multiplied_at_once(uint number)
    {
        const int Rows = 21, Count = 11;
        NativeBackend.EnsureLoaded();
        GgufType type = Type(number);
        byte[][] matrix = [.. Enumerable.Range(0, Rows).Select(row => Blocks(type, 2, seed: row))];
        using WeightMatrix packed = type.Pack!(Rows, 2 * type.BlockValues, row => matrix[row]);
        var random = new Random(6);
        using var x = new VectorBuffer(packed.Columns, Count);
        using var y = new VectorBuffer(Rows, Count);
        for (int vector = 0; vector < Count; vector++)
        {
            foreach (ref float value in x.Values(vector))
            {
                value = (float)(random.NextDouble() - 0.4);
            }
            x.Prepare(vector);
        }
        float[] row = new float[packed.Columns];

        packed.Multiply(x, y, Count, 0, packed.Tiles);

        for (int i = 0; i < Rows; i++)
        {
            packed.CopyRow(i, row);
            Assert.Equal(Decoded(type, matrix[i]), row);
            for (int vector = 0; vector < Count; vector++)
            {
                AssertProduct(row, x.Values(vector), y.Values(vector)[i], $"row {i}, vector {vector}");
            }
        }
    }

    [Fact]
    public void A_scale_that_is_no_number_is_found()
    {
        NativeBackend.EnsureLoaded();
        GgufType type = Type(Q8_0);
        byte[] good = Blocks(type, 3, seed: 1), bad = [.. good];
        BitConverter.TryWriteBytes(bad.AsSpan(type.BlockBytes), Half.NaN);
        using WeightMatrix whole = type.Pack!(20, 96, _ => good), broken = type.Pack!(20, 96, row => row == 17 ? bad : good);

        Assert.True(whole.IsFinite);
        Assert.False(broken.IsFinite);
    }

    [Fact]
    public void Tiles_are_computed_wherever_the_caller_begins()
    {
        NativeBackend.EnsureLoaded();
        GgufType type = Type(Q4_1);
        byte[][] matrix = [.. Enumerable.Range(0, 64).Select(row => Blocks(type, 2, seed: row))];
        using WeightMatrix packed = type.Pack!(64, 64, row => matrix[row]);
        using var x = new VectorBuffer(64);
        x.Values(0).Fill(0.5f);
        x.Prepare(0);
        using var whole = new VectorBuffer(64);
        using var part = new VectorBuffer(64);

        packed.Multiply(x, whole, 1, 0, 4);
        packed.Multiply(x, part, 1, 2, 2);

        Assert.Equal(whole.Values(0)[32..].ToArray(), part.Values(0)[32..].ToArray());
        Assert.All(part.Values(0)[..32].ToArray(), value => Assert.Equal(0, value));
    }

    private static void MultiplyByHalves(WeightMatrix packed, VectorBuffer x, VectorBuffer y, int tile)
    {
        float* values = x.Pointer(0), sums = x.Sums(0), result = y.Pointer(0) + (tile * packed.TileRows);
        switch (packed)
        {
            case BlockTiles<Q4_0Format> matrix: matrix.MultiplyByHalves(values, sums, result, tile); break;
            case BlockTiles<Q4_1Format> matrix: matrix.MultiplyByHalves(values, sums, result, tile); break;
            case BlockTiles<Q8_0Format> matrix: matrix.MultiplyByHalves(values, sums, result, tile); break;
            case BlockTiles<Q4_KFormat> matrix: matrix.MultiplyByHalves(values, sums, result, tile); break;
            case BlockTiles<Q6_KFormat> matrix: matrix.MultiplyByHalves(values, sums, result, tile); break;
            default: throw new ArgumentException(packed.GetType().Name);
        }
    }

    private static void AssertProduct(float[] row, Span<float> x, float found, string which)
    {
        double expected = 0, size = 0;
        for (int i = 0; i < row.Length; i++)
        {
            expected += (double)row[i] * x[i];
            size += Math.Abs((double)row[i] * x[i]);
        }
        Assert.True(Math.Abs(expected - found) <= 2e-6 * size, $"{which}: {found} in place of {expected}");
    }

    private static GgufType Type(uint number) => GgufType.Find(number, "tensor", message => new InvalidOperationException(message));

    private static float[] Decoded(GgufType type, byte[] blocks)
    {
        var values = new float[blocks.Length / type.BlockBytes * type.BlockValues];
        for (int block = 0; block < blocks.Length / type.BlockBytes; block++)
        {
            type.Decode!(blocks.AsSpan(block * type.BlockBytes, type.BlockBytes), values.AsSpan(block * type.BlockValues, type.BlockValues));
        }
        return values;
    }

    // Random bits; scales are float16 of both signs, and one in ten too small for its normal form.
    private static byte[] Blocks(GgufType type, int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[count * type.BlockBytes];
        random.NextBytes(bytes);
        int[] scales = type.Name switch { "Q6_K" => [208], "Q4_0" or "Q8_0" => [0], _ => [0, 2] };
        for (int block = 0; block < count; block++)
        {
            foreach (int scale in scales)
            {
                var value = (Half)(random.Next(10) == 0 ? 3e-7 : (random.NextDouble() - 0.5) / 8);
                BitConverter.TryWriteBytes(bytes.AsSpan((block * type.BlockBytes) + scale), value);
            }
        }
        return bytes;
    }
}
