using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Training;

/// <summary>Judges by the loss alone, and the perplexity of its first term, which is that of tokens. What the objective draws at random is the same in every epoch.</summary>
/// <param name="objective">Makes the batches and their loss.</param>
/// <param name="features">Held-out features.</param>
/// <param name="limits">How much a batch may hold.</param>
/// <param name="seed">Seed of what the objective draws.</param>
internal sealed class LossValidation<TFeature>(IObjective<TFeature> objective, IReadOnlyList<TFeature> features, BatchLimits limits, int seed) : IValidator
    where TFeature : IFeature
{
    public string Identity => FeatureHash.Of(features);

    public ValidationResult Judge(TaskModel network, Action checkAlive)
    {
        var inputs = new NetworkInputs(network);
        var random = RandomState.OfValidation(seed);
        var loss = new MeanLoss();
        RowScorer.Run(features, limits, checkAlive, numbers =>
        {
            LabelledBatch batch = objective.Prepare(Array.ConvertAll(numbers, number => features[number]), inputs, random);
            loss.Add(batch, network.forward(batch.Tokens));
        });
        var metrics = new Dictionary<string, double> { [ValidationResult.Loss] = loss.Value, ["Perplexity"] = Math.Exp(loss.Of(0)) };
        return new ValidationResult(metrics, ValidationResult.Loss, HigherIsBetter: false);
    }
}
