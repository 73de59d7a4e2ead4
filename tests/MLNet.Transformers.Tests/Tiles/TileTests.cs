using MLNet.Transformers.Models.Tiles;

namespace MLNet.Transformers.Tests.Tiles;

/// <summary>Products of any height and width are right, and nothing else is written.</summary>
public unsafe class TileTests
{
    public static TheoryData<int, int> Sizes => new(
        from rows in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 25 }
        from lanes in new[] { 1, 2, 3, 4 }
        select (rows, lanes));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_tile_is_the_product(int rows, int lanes)
    {
        foreach (int length in new[] { 1, 3, 64, 385 })
        {
            Check(rows, lanes, length);
        }
    }

    private static void Check(int rows, int lanes, int length)
    {
        const int ResultRow = 80;
        int aRow = length + 3, bRow = (lanes * Tile.Lanes) + 16;
        var random = new Random(rows + lanes + length);
        float[] a = Draw(rows * aRow), b = Draw(length * bRow), c = [.. Enumerable.Repeat(77f, rows * ResultRow)];
        fixed (float* left = a, right = b, result = c)
        {
            Tile.Multiply(left, aRow, right, bRow, length, rows, lanes, result, ResultRow);
        }
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < ResultRow; column++)
            {
                double sum = Enumerable.Range(0, length).Sum(i => (double)a[(row * aRow) + i] * (column < bRow ? b[(i * bRow) + column] : 0));
                Assert.Equal(column < lanes * Tile.Lanes ? sum : 77, c[(row * ResultRow) + column], 1e-4);
            }
        }

        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
