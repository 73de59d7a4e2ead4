using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>Products with plain weights, of every length.</summary>
public unsafe class PlainRowsTests
{
    public static TheoryData<int, bool> Lengths => new(
        from columns in new[] { 1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 200 } from halves in new[] { false, true } select (columns, halves));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_product_is_the_sum_of_products(int columns, bool halves)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor weight = randn(11, columns, generator: new Generator(3));
        using var x = new VectorBuffer(columns);
        weight[0].neg().data<float>().CopyTo(x.Values(0));
        x.Prepare(0);
        using var y = new VectorBuffer(11);
        using var rows = new PlainRows(weight, halves ? ScalarType.BFloat16 : ScalarType.Float32);

        rows.Multiply(x, y, 1, 2, 9);

        Tensor values = (halves ? weight.to(ScalarType.BFloat16) : weight).to(ScalarType.Float64);
        Tensor vector = weight[0].neg().to(ScalarType.Float64);
        for (int row = 2; row < 11; row++)
        {
            double expected = values[row].dot(vector).item<double>(), size = values[row].abs().dot(vector.abs()).item<double>();
            Assert.True(Math.Abs(expected - y.Values(0)[row]) <= 1e-6 * size, $"row {row}: {y.Values(0)[row]} in place of {expected}");
        }
        Assert.Equal([0, 0], y.Values(0)[..2].ToArray());
    }
}
