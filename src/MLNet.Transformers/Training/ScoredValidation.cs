using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Training;

/// <summary>Judges by the answers that the scores of held-out rows give, merged over a row's features, and by the loss.</summary>
/// <param name="objective">Makes the batches and their loss.</param>
/// <param name="rows">The features of each row.</param>
/// <param name="limits">How much a batch may hold.</param>
/// <param name="seed">Seed of what the objective draws: the same in every epoch.</param>
/// <param name="reading">How scores become answers.</param>
/// <param name="measure">Compares the answers with the rows' labels; gets the mean loss besides.</param>
internal sealed class ScoredValidation<TFeature, TPart, TAnswer>(
    IObjective<TFeature> objective, IReadOnlyList<TFeature[]> rows, BatchLimits limits, int seed,
    ScoreReading<TFeature, TPart, TAnswer> reading, Func<IReadOnlyList<TFeature[]>, TAnswer[], double, ValidationResult> measure) : IValidator
    where TFeature : IFeature
{
    public string Identity => FeatureHash.Of(rows.SelectMany(row => row));

    public ValidationResult Judge(TaskModel network, Action checkAlive)
    {
        var inputs = new NetworkInputs(network);
        var random = RandomState.OfValidation(seed);
        var loss = new MeanLoss();
        TAnswer[] answers = RowScorer.Answers(rows, limits, Forward, reading, checkAlive);
        // Scores of a network that diverged are no numbers, which measures refuse row by row; the loop says what happened.
        return double.IsNaN(loss.Value)
            ? new ValidationResult(new Dictionary<string, double> { [ValidationResult.Loss] = loss.Value }, ValidationResult.Loss, HigherIsBetter: false)
            : measure(rows, answers, loss.Value);

        HeadOutput Forward(IReadOnlyList<TFeature> features)
        {
            LabelledBatch batch = objective.Prepare(features, inputs, random);
            HeadOutput output = network.forward(batch.Tokens);
            loss.Add(batch, output);
            return output;
        }
    }
}
