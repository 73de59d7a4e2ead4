using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Nn;

public sealed class RotaryTests : IDisposable
{
    private readonly DisposeScope _scope;

    public RotaryTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Frequencies_fall_by_powers_of_the_base() =>
        Close([1, 0.1, 0.01, 0.001], new NoRotaryScaling().Frequencies(10000, 8, 0));

    [Fact]
    public void An_odd_width_is_rounded_up_to_whole_pairs() => Close([1, Math.Pow(10000, -2 / 3.0)], new NoRotaryScaling().Frequencies(10000, 3, 0));

    [Fact]
    public void Linear_divides_all() => Close([0.25, 0.025, 0.0025, 0.00025], new LinearRotaryScaling(4).Frequencies(10000, 8, 0));

    [Fact]
    public void Dynamic_changes_nothing_up_to_the_longest_trained()
    {
        var scaling = new DynamicRotaryScaling(4, 128);

        Assert.Equal(new NoRotaryScaling().Frequencies(10000, 8, 0), scaling.Frequencies(10000, 8, 1));
        Assert.Equal(new NoRotaryScaling().Frequencies(10000, 8, 0), scaling.Frequencies(10000, 8, 128));
    }

    [Fact]
    public void Dynamic_raises_the_base_with_the_length()
    {
        // 4 · 256 / 128 − 3 = 5
        double raised = 10000 * Math.Pow(5, 8 / 6.0);

        Close([.. Enumerable.Range(0, 4).Select(i => Math.Pow(raised, -i / 4.0))], new DynamicRotaryScaling(4, 128).Frequencies(10000, 8, 256));
    }

    [Fact]
    public void Dynamic_forgets_a_long_text_at_the_next_short_one()
    {
        var rotary = new RotaryEmbedding(10000, 8, RotaryPairs.Halves, new DynamicRotaryScaling(2, 4));
        float[] before = Cosines(rotary, 4);
        float[] longer = Cosines(rotary, 9);

        Assert.Equal(before, Cosines(rotary, 4));
        Assert.NotEqual(before, longer[..before.Length]);
        Assert.Equal(Cosines(new RotaryEmbedding(10000, 8, RotaryPairs.Halves, new NoRotaryScaling()), 4), before);
    }

    [Fact]
    public void YaRN_keeps_fast_and_divides_slow_frequencies()
    {
        float[] plain = new NoRotaryScaling().Frequencies(10000, 64, 0);
        float[] found = new YarnRotaryScaling(8, 2048, 32, 1, Truncate: true, 1).Frequencies(10000, 64, 0);

        // Pairs that turn 32 times and once within 2048 positions: 64 · ln(2048 / 2πr) / (2 · ln 10000) = 8.06 and 20.1.
        Assert.Equal(plain[..9], found[..9]);
        Close([.. plain[21..].Select(value => value / 8.0)], found[21..]);
        double share = (15 - 8) / 13.0;
        Assert.Equal((plain[15] / 8 * share) + (plain[15] * (1 - share)), found[15], 1e-7);
    }

    [Fact]
    public void YaRNs_ramp_may_begin_between_pairs()
    {
        float[] plain = new NoRotaryScaling().Frequencies(10000, 64, 0);
        float[] found = new YarnRotaryScaling(8, 2048, 32, 1, Truncate: false, 1).Frequencies(10000, 64, 0);

        double low = Pair(32), high = Pair(1);
        double share = (15 - low) / (high - low);
        Assert.Equal((plain[15] / 8 * share) + (plain[15] * (1 - share)), found[15], 1e-7);

        static double Pair(double turns) => 64 * Math.Log(2048 / (turns * 2 * Math.PI)) / (2 * Math.Log(10000));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0.5, 1, 1)]
    [InlineData(4, 1, 1.1386294361)]
    [InlineData(4, 0.707, 1.0980110114)]
    public void YaRNs_temperature_is_the_papers(double factor, double scale, double expected) =>
        Assert.Equal(expected, YarnRotaryScaling.Temperature(factor, scale), 1e-9);

    [Fact]
    public void YaRN_scales_cosines_and_sines()
    {
        var scaled = new RotaryEmbedding(10000, 8, RotaryPairs.Halves, new YarnRotaryScaling(1, 2048, 32, 1, true, 1.5));

        Networks.AssertClose([1.5f, 1.5f, 1.5f, 1.5f], Cosines(scaled, 1), 0);
    }

    [Fact]
    public void LLaMA3_blends_between_two_wavelengths()
    {
        // Wavelengths 2π, 62.8, 628, 6283: below 1024/4 as trained, above 1024/1 divided, between blended.
        float[] found = new Llama3RotaryScaling(8, 1, 4, 1024).Frequencies(10000, 8, 0);

        double smooth = ((1024 / (2 * Math.PI * 100)) - 1) / 3;
        Close([1, 0.1, (0.01 / 8 * (1 - smooth)) + (0.01 * smooth), 0.001 / 8], found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pair_is_turned_by_its_angle(bool halves)
    {
        var rotary = new RotaryEmbedding(100, 4, halves ? RotaryPairs.Halves : RotaryPairs.Neighbours, new NoRotaryScaling());
        float[] x = [0.3f, -1.2f, 0.7f, 2.1f, 9, 8];

        float[] found = Networks.Values(rotary.At(tensor([5L], [1, 1]), ScalarType.Float32).Apply(tensor(x, [1, 1, 1, 6])));

        // Radians of position 5: 5 and 0.5.
        (int, int)[] members = halves ? [(0, 2), (1, 3)] : [(0, 1), (2, 3)];
        float[] expected = [.. x];
        for (int i = 0; i < 2; i++)
        {
            (int a, int b) = members[i];
            (double sine, double cosine) = Math.SinCos(i == 0 ? 5 : 0.5);
            expected[a] = (float)((x[a] * cosine) - (x[b] * sine));
            expected[b] = (float)((x[b] * cosine) + (x[a] * sine));
        }
        Networks.AssertClose(expected, found, 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_distances_matter(bool halves)
    {
        var rotary = new RotaryEmbedding(10000, 6, halves ? RotaryPairs.Halves : RotaryPairs.Neighbours, new NoRotaryScaling());
        Tensor query = arange(6).sin().reshape(1, 1, 1, 6), key = arange(6).cos().reshape(1, 1, 1, 6);

        Assert.Equal(Product(7, 3), Product(104, 100), 1e-5);
        Assert.NotEqual(Product(7, 3), Product(7, 4), 1e-3);

        float Product(long first, long second) => (At(query, first) * At(key, second)).sum().item<float>();

        Tensor At(Tensor x, long position) => rotary.At(tensor([position], [1, 1]), ScalarType.Float32).Apply(x);
    }

    private static float[] Cosines(RotaryEmbedding rotary, int length) =>
        Networks.Values(rotary.At(arange(length, ScalarType.Int64).unsqueeze(0), ScalarType.Float32).Cosine);

    private static void Close(double[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Math.Abs(pair.First) * 1e-6));
}
