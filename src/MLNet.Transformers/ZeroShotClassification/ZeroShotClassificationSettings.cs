using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.ZeroShotClassification;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record ZeroShotClassificationSettings(TextColumns Columns, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public required string PredictedLabelColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>A sentence for each label.</summary>
    public required IReadOnlyList<string> Hypotheses { get; init; }

    public required bool MultiLabel { get; init; }

    public override string Owner => nameof(ZeroShotClassificationTransformer);

    /// <summary>The columns of a prediction.</summary>
    public IReadOnlyList<OutputColumn<float[]>> Outputs()
    {
        KeyValues labels = KeyValues.FromText(Labels);
        return
        [
            new KeyColumn<float[]>(PredictedLabelColumnName, Labels.Count, labels, static scores => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(scores)),
            new ScoresColumn<float[]>(ScoreColumnName, Labels.Count, labels, static scores => scores),
        ];
    }
}
