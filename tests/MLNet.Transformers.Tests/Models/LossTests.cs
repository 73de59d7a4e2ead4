using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Losses against plain loops in double precision.</summary>
public sealed class LossTests : IDisposable
{
    private const double Tolerance = 1e-6;

    private static readonly float[][] _logits = [[1.5f, -0.5f, 0.25f], [0, 3, -2], [-1, -1.25f, 4], [0.5f, 0.5f, 0.5f]];
    private static readonly long[] _targets = [0, 2, 1, 1];
    private static readonly float[] _weights = [0.5f, 2, 1.25f];

    private readonly DisposeScope _scope;

    public LossTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 0.1)]
    [InlineData(true, 0.3)]
    [InlineData(false, 1)]
    public void Cross_entropy_with_weights_and_smoothing(bool weighted, double smoothing)
    {
        (double sum, double weight) = Expected(_targets, weighted ? _weights : [1, 1, 1], smoothing);

        LossTerm term = CrossEntropy(_targets, weighted ? _weights : null, smoothing);

        Assert.Equal(sum, Sum(term), 4 * Tolerance);
        Assert.Equal(weight, term.Weight);
    }

    [Fact]
    public void Ignored_labels_do_not_count()
    {
        long[] some = [0, LossTerm.Ignored, 1, LossTerm.Ignored];
        (double sum, double weight) = Expected(some, _weights, 0.2);

        LossTerm term = CrossEntropy(some, _weights, 0.2);

        Assert.Equal(sum, Sum(term), Tolerance);
        Assert.Equal(weight, term.Weight);
    }

    [Fact]
    public void Where_nothing_counts_sum_and_weight_are_0()
    {
        LossTerm term = CrossEntropy([.. Enumerable.Repeat(LossTerm.Ignored, 4)]);

        Assert.Equal((0.0, 0.0), (Sum(term), term.Weight));
    }

    [Fact]
    public void Cross_entropy_of_tokens_is_that_of_all_their_rows()
    {
        LossTerm tokens = LossTerm.CrossEntropy(output => output.Logits.reshape(2, 2, 3), Targets(_targets).reshape(2, 2));

        Assert.Equal(Sum(CrossEntropy(_targets)), Sum(tokens));
    }

    [Fact]
    public void A_bfloat16_networks_cross_entropy_is_computed_in_float32()
    {
        Tensor loss = CrossEntropy(_targets).Sum(new HeadOutput(Logits().to(ScalarType.BFloat16)));

        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(Sum(CrossEntropy(_targets)), loss.item<float>());
    }

    [Fact]
    public void Squared_error_of_one_output_or_several()
    {
        double expected = Math.Pow(1.5 - 1, 2) + Math.Pow(-0.5 + 1, 2) + Math.Pow(0.25 - 3, 2);
        LossTerm one = LossTerm.SquaredError(tensor([1f, -1, 3], [3])), several = LossTerm.SquaredError(tensor([1f, -1, 3], [1, 3]));

        Assert.Equal(expected, one.Sum(new HeadOutput(tensor(_logits[0], [3, 1]))).item<float>(), Tolerance);
        Assert.Equal(expected, several.Sum(new HeadOutput(tensor(_logits[0], [1, 3]))).item<float>(), Tolerance);
        Assert.Equal((3.0, 3.0), (one.Weight, several.Weight));
    }

    [Fact]
    public void Binary_cross_entropy_sums_over_all_decisions()
    {
        float[] targets = [1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0];
        double sum = _logits.SelectMany(row => row).Zip(targets).Sum(pair =>
        {
            double yes = 1 / (1 + Math.Exp(-pair.First));
            return -(pair.Second * Math.Log(yes)) - (1 - pair.Second) * Math.Log(1 - yes);
        });

        LossTerm term = LossTerm.BinaryCrossEntropy(tensor(targets, [4, 3]));

        Assert.Equal(sum, Sum(term), 12 * Tolerance);
        Assert.Equal(12, term.Weight);
    }

    [Fact]
    public void A_span_is_the_mean_of_its_sides_each_over_its_own_positions()
    {
        using TaskModel model = Networks.Create("bert", HeadKind.QuestionAnswering);
        var batch = new TokenBatch(zeros([4, 3], ScalarType.Int64));
        var output = new HeadOutput(stack([Logits(), Logits() * 2], 2));
        // 3 and 99 stand behind the three tokens and do not count; -1 is the first token.
        IReadOnlyList<LossTerm> terms = HeadLoss.Terms(model, batch, new() { StartPositions = Targets([0, 3, 99, -1]), EndPositions = Targets([1, 1, 2, 2]) });

        Assert.Equal(Sum(CrossEntropy([0, LossTerm.Ignored, LossTerm.Ignored, 0])) / 2, terms[0].Sum(output).item<float>(), Tolerance);
        Assert.Equal(CrossEntropy([1, 1, 2, 2]).Sum(new HeadOutput(Logits() * 2)).item<float>() / 2, terms[1].Sum(output).item<float>(), Tolerance);
        Assert.Equal((2.0, 4.0), (terms[0].Weight, terms[1].Weight));
    }

    [Fact]
    public void A_decoders_scores_are_compared_with_the_token_that_follows()
    {
        using TaskModel model = Networks.Create("llama", HeadKind.CausalLanguageModel);
        var output = new HeadOutput(Logits().reshape(1, 4, 3));

        LossTerm term = HeadLoss.Terms(model, new TokenBatch(zeros([1, 4], ScalarType.Int64)), new(Targets([1, 0, 2, 1]).reshape(1, 4)))[0];

        (double sum, double weight) = Expected([0, 2, 1, LossTerm.Ignored], [1, 1, 1], 0);
        Assert.Equal(sum, term.Sum(output).item<float>(), 4 * Tolerance);
        Assert.Equal(weight, term.Weight);
    }

    // Sum of the weighted, smoothed cross entropies and the sum of the targets' weights (Szegedy et al. 2016, §7).
    private static (double Sum, double Weight) Expected(long[] targets, float[] weights, double smoothing)
    {
        (double sum, double weight) = (0, 0);
        foreach ((float[] row, long target) in _logits.Zip(targets).Where(pair => pair.Second != LossTerm.Ignored))
        {
            double logSum = Math.Log(row.Sum(value => Math.Exp(value)));
            double[] losses = [.. row.Select((value, i) => weights[i] * (logSum - value))];
            sum += (1 - smoothing) * losses[target] + smoothing * losses.Average();
            weight += weights[target];
        }
        return (sum, weight);
    }

    private static LossTerm CrossEntropy(long[] targets, float[]? weights = null, double smoothing = 0) =>
        LossTerm.CrossEntropy(output => output.Logits, Targets(targets), weights, smoothing);

    private static double Sum(LossTerm term) => term.Sum(new HeadOutput(Logits())).item<float>();

    private static Tensor Logits() => tensor(_logits.SelectMany(row => row).ToArray(), [4, 3]);

    private static Tensor Targets(long[] values) => tensor(values, [values.Length]);
}
