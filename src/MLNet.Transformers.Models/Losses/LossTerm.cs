using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Losses;

/// <summary>
/// One term of a loss as a sum and what the sum is divided by to be a mean. Apart, because the mean over a step is that over all its batches: their
/// weights are added up before the first batch is computed.
/// </summary>
/// <param name="Weight">What the sum is divided by: counted labels, or their class weights. 0: nothing counts.</param>
/// <param name="Sum">The sum, a float32 scalar, whatever the network computes in.</param>
internal sealed record LossTerm(double Weight, Func<HeadOutput, Tensor> Sum)
{
    /// <summary>Marks a label that does not count.</summary>
    public const long Ignored = -100;

    /// <summary>Cross entropy of one class of several.</summary>
    /// <param name="scores">The scores, (..., classes).</param>
    /// <param name="labels">Class numbers, int64, (...); <see cref="Ignored"/> does not count.</param>
    /// <param name="classWeights">Weight of each class, or null: all 1.</param>
    /// <param name="smoothing">Share of the label's probability that is spread over all classes, 0 to 1 (Szegedy et al. 2016, §7).</param>
    public static LossTerm CrossEntropy(
        Func<HeadOutput, Tensor> scores, Tensor labels, IReadOnlyList<float>? classWeights = null, double smoothing = 0)
    {
        Tensor counted = labels.ne(Number(Ignored));
        Tensor? weights = classWeights is null ? null : tensor(classWeights.ToArray(), device: labels.device);
        Tensor weight = weights is null ? counted.sum() : weights.index_select(0, labels.masked_select(counted)).sum();
        return new LossTerm(weight.to(ScalarType.Float64).item<double>(), output =>
        {
            Tensor logits = scores(output).to(ScalarType.Float32);
            return nn.functional.cross_entropy(
                logits.reshape(-1, logits.shape[^1]), labels.reshape(-1), weights, Ignored, nn.Reduction.Sum, smoothing);
        });
    }

    /// <summary>Squared error of one output a sequence, (batch, 1) against (batch), or of several, (batch, outputs).</summary>
    public static LossTerm SquaredError(Tensor targets) => new(targets.numel(), output => nn.functional.mse_loss(
        output.Logits.to(ScalarType.Float32).reshape(targets.shape), targets.to(ScalarType.Float32), nn.Reduction.Sum));

    /// <summary>Independent yes and no decisions: scores (batch, labels) against 0 and 1.</summary>
    public static LossTerm BinaryCrossEntropy(Tensor targets) => new(targets.numel(), output => nn.functional.binary_cross_entropy_with_logits(
        output.Logits.to(ScalarType.Float32), targets.to(ScalarType.Float32), reduction: nn.Reduction.Sum));

    /// <summary>The sum of the terms' means.</summary>
    public static Tensor Mean(IReadOnlyList<LossTerm> terms, HeadOutput output) =>
        terms.Select(term => term.Sum(output).Over(term.Weight)).Aggregate((total, mean) => total.Plus(mean));
}
