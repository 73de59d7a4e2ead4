using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record SequenceClassificationSettings(
    TextColumns Columns, string PredictedLabelColumnName, string ScoreColumnName, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public override string Owner => nameof(SequenceClassificationTransformer);

    /// <summary>The columns of a prediction.</summary>
    /// <param name="classes">Number of classes; not known before there is a network.</param>
    /// <param name="keys">What the classes are; null: only numbered, or not known yet.</param>
    public IReadOnlyList<OutputColumn<ClassAnswer>> Outputs(int classes = 0, KeyValues? keys = null) =>
    [
        new KeyColumn<ClassAnswer>(PredictedLabelColumnName, classes, keys, static answer => answer.Class),
        new ScoresColumn<ClassAnswer>(ScoreColumnName, classes, keys, static answer => answer.Probabilities),
    ];
}
