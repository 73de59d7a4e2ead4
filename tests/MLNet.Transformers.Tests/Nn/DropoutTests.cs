using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Nn;

/// <summary>What dropout keeps is drawn by ourselves: independent, in the right share, and the same for a seed and a step.</summary>
public sealed class DropoutTests : IDisposable
{
    private readonly DisposeScope _scope;

    public DropoutTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.001)]
    public void The_share_that_is_dropped_is_the_one_that_was_asked_for(double share)
    {
        const int Count = 4_000_000;
        bool[] dropped = Dropped(DropoutMask.Of([Count], share, key: 12345));

        Assert.InRange(dropped.Count(isDropped => isDropped), Count * share - 5 * Deviation(Count, share), Count * share + 5 * Deviation(Count, share));
        // In each lane of a vector, too, and in each piece that a thread takes.
        for (int lane = 0; lane < 16; lane++)
        {
            AssertShare([.. dropped.Where((_, i) => i % 16 == lane)]);
        }
        foreach (bool[] piece in dropped.Chunk(1 << 16).SkipLast(1))
        {
            AssertShare(piece);
        }

        void AssertShare(bool[] part)
        {
            double deviation = Deviation(part.Length, share);
            Assert.InRange(part.Count(isDropped => isDropped), part.Length * share - 5 * deviation, part.Length * share + 5 * deviation);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1 << 16)]
    public void One_place_says_nothing_about_another(int distance)
    {
        const int Count = 2_000_000;
        bool[] dropped = Dropped(DropoutMask.Of([Count], 0.5, key: 99));

        double both = Enumerable.Range(0, Count - distance).Count(i => dropped[i] == dropped[i + distance]);

        Assert.InRange(both, 0.5 * (Count - distance) - 5 * Deviation(Count, 0.5), 0.5 * (Count - distance) + 5 * Deviation(Count, 0.5));
    }

    [Fact]
    public void Keys_that_differ_in_one_bit_have_nothing_in_common()
    {
        const int Count = 200_000;
        bool[] first = Dropped(DropoutMask.Of([Count], 0.5, key: 7));
        for (int bit = 0; bit < 64; bit++)
        {
            bool[] second = Dropped(DropoutMask.Of([Count], 0.5, key: 7 ^ (1UL << bit)));
            double equal = first.Zip(second, (one, other) => one == other).Count(isEqual => isEqual);
            Assert.InRange(equal, 0.5 * Count - 5 * Deviation(Count, 0.5), 0.5 * Count + 5 * Deviation(Count, 0.5));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(1000)]
    public void A_short_mask_is_the_beginning_of_a_long_one(int count)
    {
        float[] whole = Networks.Values(DropoutMask.Of([70_000], 0.3, key: 5)), part = Networks.Values(DropoutMask.Of([count], 0.3, key: 5));

        Assert.Equal(whole[..count], part);
        Assert.All(whole, value => Assert.True(value == 0 || value == (float)(1 / 0.7)));
    }

    [Fact]
    public void A_step_draws_the_same_again_and_each_draw_is_another()
    {
        float[][] Draw(int step)
        {
            using Lock.Scope generator = RandomState.Enter(3, step);
            return [Networks.Values(DropoutMask.Draw([1000], 0.5)), Networks.Values(DropoutMask.Draw([1000], 0.5))];
        }

        float[][] drawn = Draw(1);
        Assert.NotEqual(drawn[0], drawn[1]);
        Assert.Equal(drawn, Draw(1));
        Assert.NotEqual(drawn[0], Draw(2)[0]);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void What_is_kept_grows_so_that_the_mean_stays(ScalarType type)
    {
        using Lock.Scope generator = RandomState.Enter(1, 1);
        Tensor x = ones(1000, 1000).to(type);

        Tensor dropped = Dropout.Of(x, 0.1, training: true);

        Assert.Equal(type, dropped.dtype);
        Assert.InRange(dropped.to(ScalarType.Float64).mean().item<double>(), 0.998, 1.003);
        Assert.Same(x, Dropout.Of(x, 0.1, training: false));
        Assert.Same(x, Dropout.Of(x, 0, training: true));
        Assert.Equal(0, Dropout.Of(x, 1, training: true).to(ScalarType.Float32).sum().item<float>());
    }

    [Theory]
    [InlineData(null, ScalarType.Float32)]
    [InlineData("bool", ScalarType.Float32)]
    [InlineData("added", ScalarType.Float32)]
    [InlineData("bool", ScalarType.BFloat16)]
    [InlineData("added", ScalarType.BFloat16)]
    public void Attention_drops_weights_and_its_gradients_know_which(string? kind, ScalarType type)
    {
        const double Share = 0.3, Scale = 0.4;
        Tensor[] given = [.. Enumerable.Range(1, 3).Select(seed => randn(2, 3, 5, 4, generator: new Generator((ulong)seed)).to(type))];
        Tensor seen = tensor([true, true, true, false, true, true, true, true, true, true], [2, 1, 1, 5]);
        Tensor? mask = kind switch { null => null, "bool" => seen, _ => AttentionMask.Additive(seen, null, type) };
        Tensor direction = randn(2, 5, 12, generator: new Generator(9)).to(type);
        Tensor[] Learning(ScalarType inner) => [.. given.Select(x => x.to(inner).clone().requires_grad_())];
        Tensor[] inputs = Learning(type), same = Learning(ScalarType.Float64);
        Tensor found, kept;
        using (RandomState.Enter(8, 1))
        {
            found = Attention.Forward(inputs[0], inputs[1], inputs[2], mask, Share, Scale);
        }
        using (RandomState.Enter(8, 1))
        {
            kept = DropoutMask.Draw([2, 3, 5, 5], Share).to(ScalarType.Float64);
        }

        Tensor scores = same[0].matmul(same[1].transpose(2, 3)) * Scale;
        scores = mask is null ? scores : scores.masked_fill(seen.logical_not(), double.NegativeInfinity);
        Tensor expected = (scores.softmax(3) * kept).matmul(same[2]).transpose(1, 2).flatten(2);
        found.backward([direction]);
        expected.backward([direction.to(ScalarType.Float64)]);

        double tolerance = type == ScalarType.Float32 ? 3e-6 : 0.05;
        Networks.AssertClose(Networks.Values(expected), Networks.Values(found), tolerance);
        foreach ((Tensor one, Tensor other) in same.Zip(inputs))
        {
            Networks.AssertClose(Networks.Values(one.grad!), Networks.Values(other.grad!), tolerance);
        }
    }

    private static double Deviation(double count, double share) => Math.Sqrt(count * share * (1 - share)) + 1;

    private static bool[] Dropped(Tensor mask) => Array.ConvertAll(Networks.Values(mask), value => value == 0);
}
