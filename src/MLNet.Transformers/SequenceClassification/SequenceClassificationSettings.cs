using MLNet.Transformers.Models;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>What a fitted transformer keeps of the options; saved with it as JSON.</summary>
internal sealed record SequenceClassificationSettings
{
    public required TextColumns Columns { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required int MaxTokens { get; init; }

    public required int BatchSize { get; init; }

    public required Precision Precision { get; init; }
}
