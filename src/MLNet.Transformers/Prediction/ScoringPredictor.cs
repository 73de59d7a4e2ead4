using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Prediction;

/// <summary>Answers by the scores of a head.</summary>
/// <param name="features">The features of a row, at least one; called on several threads at once.</param>
/// <param name="report">A line for the log about the rows so far; null: there is none.</param>
/// <param name="limits">How much a batch may hold.</param>
/// <param name="reading">How scores become answers.</param>
/// <param name="batch">What the network reads of some features; null: their tokens.</param>
internal sealed class ScoringPredictor<TRow, TFeature, TPart, TAnswer>(
    Func<TRow, TFeature[]> features, Func<string?> report, BatchLimits limits, ScoreReading<TFeature, TPart, TAnswer> reading,
    Func<IReadOnlyList<TFeature>, NetworkInputs, TokenBatch>? batch = null) : IPredictor<TRow, TAnswer>
    where TFeature : IFeature
{
    public string? Report => report();

    public bool Gathers => true;

    public TAnswer[] Predict(TaskModel network, ReadOnlyMemory<TRow> rows, Action checkAlive)
    {
        var encoded = new TFeature[rows.Length][];
        AllCores.For(encoded.Length, row => encoded[row] = features(rows.Span[row]));
        var inputs = new NetworkInputs(network);
        return RowScorer.Answers(encoded, limits, Forward, reading, checkAlive);

        HeadOutput Forward(IReadOnlyList<TFeature> read) =>
            network.forward(batch?.Invoke(read, inputs) ?? inputs.Pad([.. read.Select(feature => feature.Tokens)]));
    }
}
