using System.Text.Json.Serialization;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record SequenceClassificationSettings(TextColumns Columns, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public required string PredictedLabelColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string ProbabilityColumnName { get; init; }

    /// <summary>Of yes or no, the class of the head that is a yes: 0 or 1.</summary>
    public int PositiveClass { get; init; } = 1;

    public required double Threshold { get; init; }

    public required LongTexts LongTexts { get; init; }

    public required int Stride { get; init; }

    /// <summary>Name of the <see cref="SequenceProblem"/>; empty before it is known.</summary>
    public string ProblemName { get; init; } = "";

    [JsonIgnore]
    public SequenceProblem Problem => SequenceProblem.Named(ProblemName);

    public override string Owner => nameof(SequenceClassificationTransformer);
}
