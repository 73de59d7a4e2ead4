using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.Pretraining;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record PretrainingSettings(TextColumns Columns, PretrainingObjective Objective, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public required string LossColumnName { get; init; }

    public required string PerplexityColumnName { get; init; }

    public required string TokenCountColumnName { get; init; }

    public override string Owner => nameof(PretrainingTransformer);

    public IReadOnlyList<OutputColumn<TextLoss>> Outputs() =>
    [
        PlainColumns.Single<TextLoss>(LossColumnName, static text => (float)text.Mean),
        PlainColumns.Single<TextLoss>(PerplexityColumnName, static text => (float)Math.Exp(text.Mean)),
        PlainColumns.Int<TextLoss>(TokenCountColumnName, static text => text.Tokens),
    ];
}
