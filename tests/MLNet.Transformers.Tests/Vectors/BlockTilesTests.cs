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
        foreach (ref float value in x.Values)
        {
            value = (float)(random.NextDouble() - 0.3);
        }
        x.Prepare();
        using var y = new VectorBuffer(rows);
        int tiles = (rows + packed.TileRows - 1) / packed.TileRows;
        packed.Multiply(x, y.Pointer, 0, tiles);

        float[] halves = new float[tiles * packed.TileRows];
        fixed (float* result = halves)
        {
            MultiplyByHalves(packed, x, result, tiles);
        }

        for (int row = 0; row < rows; row++)
        {
            double expected = 0, size = 0;
            float[] values = Decoded(type, matrix[row]);
            for (int i = 0; i < columns; i++)
            {
                expected += (double)values[i] * x.Values[i];
                size += Math.Abs((double)values[i] * x.Values[i]);
            }
            Assert.True(Math.Abs(expected - y.Values[row]) <= 2e-6 * size, $"row {row}: {y.Values[row]} in place of {expected}");
            Assert.True(Math.Abs(expected - halves[row]) <= 2e-6 * size, $"row {row}, eight lanes: {halves[row]} in place of {expected}");
        }
    }

    [Fact]
    public void Tiles_are_computed_wherever_the_caller_begins()
    {
        NativeBackend.EnsureLoaded();
        GgufType type = Type(Q4_1);
        byte[][] matrix = [.. Enumerable.Range(0, 64).Select(row => Blocks(type, 2, seed: row))];
        using WeightMatrix packed = type.Pack!(64, 64, row => matrix[row]);
        using var x = new VectorBuffer(64);
        x.Values.Fill(0.5f);
        x.Prepare();
        using var whole = new VectorBuffer(64);
        using var part = new VectorBuffer(64);

        packed.Multiply(x, whole.Pointer, 0, 4);
        packed.Multiply(x, part.Pointer + 32, 2, 2);

        Assert.Equal(whole.Values[32..].ToArray(), part.Values[32..].ToArray());
        Assert.All(part.Values[..32].ToArray(), value => Assert.Equal(0, value));
    }

    private static void MultiplyByHalves(WeightMatrix packed, VectorBuffer x, float* y, int tiles)
    {
        switch (packed)
        {
            case BlockTiles<Q4_0Format> matrix: matrix.MultiplyByHalves(x, y, 0, tiles); break;
            case BlockTiles<Q4_1Format> matrix: matrix.MultiplyByHalves(x, y, 0, tiles); break;
            case BlockTiles<Q8_0Format> matrix: matrix.MultiplyByHalves(x, y, 0, tiles); break;
            case BlockTiles<Q4_KFormat> matrix: matrix.MultiplyByHalves(x, y, 0, tiles); break;
            case BlockTiles<Q6_KFormat> matrix: matrix.MultiplyByHalves(x, y, 0, tiles); break;
            default: throw new ArgumentException(packed.GetType().Name);
        }
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
