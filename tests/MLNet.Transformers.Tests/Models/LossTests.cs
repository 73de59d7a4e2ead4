using MLNet.Transformers.Models.Nn;
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
    public void CrossEntropyWithWeightsAndSmoothing(bool weighted, double smoothing)
    {
        Tensor? weights = weighted ? tensor(_weights, [3]) : null;
        (double sum, double weight) = Expected(_targets, weighted ? _weights : [1, 1, 1], smoothing);

        Tensor mean = Losses.CrossEntropy(Logits(), Targets(_targets), weights, smoothing);
        Tensor total = Losses.CrossEntropy(Logits(), Targets(_targets), weights, smoothing, nn.Reduction.Sum);

        Assert.Equal(sum / weight, mean.item<float>(), Tolerance);
        Assert.Equal(sum, total.item<float>(), 4 * Tolerance);
    }

    [Fact]
    public void IgnoredTargetsDoNotCount()
    {
        long[] some = [0, Losses.Ignored, 1, Losses.Ignored];
        (double sum, double weight) = Expected(some, _weights, 0.2);

        Assert.Equal(sum / weight, Losses.CrossEntropy(Logits(), Targets(some), tensor(_weights, [3]), 0.2).item<float>(), Tolerance);
    }

    [Fact]
    public void CrossEntropyOfTokensIsThatOfAllTheirRows()
    {
        Tensor tokens = Losses.CrossEntropy(Logits().reshape(2, 2, 3), Targets(_targets).reshape(2, 2));

        Assert.Equal(Losses.CrossEntropy(Logits(), Targets(_targets)).item<float>(), tokens.item<float>());
    }

    [Fact]
    public void CrossEntropyOfBFloat16IsComputedInFloat32()
    {
        Tensor loss = Losses.CrossEntropy(Logits().to(ScalarType.BFloat16), Targets(_targets));

        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(Losses.CrossEntropy(Logits(), Targets(_targets)).item<float>(), loss.item<float>());
    }

    [Fact]
    public void MeanSquaredErrorOfOneOutputOrSeveral()
    {
        double expected = (Math.Pow(1.5 - 1, 2) + Math.Pow(-0.5 + 1, 2) + Math.Pow(0.25 - 3, 2)) / 3;

        Assert.Equal(expected, Losses.MeanSquaredError(tensor(_logits[0], [3, 1]), tensor([1f, -1, 3], [3])).item<float>(), Tolerance);
        Assert.Equal(expected, Losses.MeanSquaredError(tensor(_logits[0], [1, 3]), tensor([1f, -1, 3], [1, 3])).item<float>(), Tolerance);
    }

    [Fact]
    public void BinaryCrossEntropyIsTheMeanOverAllDecisions()
    {
        float[] targets = [1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0];
        double sum = _logits.SelectMany(row => row).Zip(targets).Sum(pair =>
        {
            double yes = 1 / (1 + Math.Exp(-pair.First));
            return -(pair.Second * Math.Log(yes)) - (1 - pair.Second) * Math.Log(1 - yes);
        });

        Assert.Equal(sum / 12, Losses.BinaryCrossEntropy(Logits(), tensor(targets, [4, 3])).item<float>(), Tolerance);
    }

    [Fact]
    public void SpanIsTheMeanOfBothSides()
    {
        Tensor logits = stack([Logits(), Logits() * 2], 2);

        double expected = (Losses.CrossEntropy(Logits(), Targets([0, 1, 2, 0])).item<float>() + Losses.CrossEntropy(Logits() * 2, Targets([1, 1, 2, 2])).item<float>()) / 2.0;

        Assert.Equal(expected, Losses.Span(logits, Targets([0, 1, 2, 0]), Targets([1, 1, 2, 2])).item<float>(), Tolerance);
    }

    [Fact]
    public void PositionsOutsideOfTheSequenceDoNotCountOrAreTheFirstToken()
    {
        Tensor logits = stack([Logits(), Logits()], 2);
        float expected = Losses.CrossEntropy(Logits(), Targets([0, Losses.Ignored, Losses.Ignored, 0])).item<float>();

        Assert.Equal(expected, Losses.Span(logits, Targets([0, 3, 99, -1]), Targets([0, 3, 99, -1])).item<float>(), Tolerance);
    }

    // Sum of the weighted, smoothed cross entropies and the sum of the targets' weights (Szegedy et al. 2016, §7).
    private static (double Sum, double Weight) Expected(long[] targets, float[] weights, double smoothing)
    {
        (double sum, double weight) = (0, 0);
        foreach ((float[] row, long target) in _logits.Zip(targets).Where(pair => pair.Second != Losses.Ignored))
        {
            double logSum = Math.Log(row.Sum(value => Math.Exp(value)));
            double[] losses = [.. row.Select((value, i) => weights[i] * (logSum - value))];
            sum += (1 - smoothing) * losses[target] + smoothing * losses.Average();
            weight += weights[target];
        }
        return (sum, weight);
    }

    private static Tensor Logits() => tensor(_logits.SelectMany(row => row).ToArray(), [4, 3]);

    private static Tensor Targets(long[] values) => tensor(values, [values.Length]);
}
