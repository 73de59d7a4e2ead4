namespace MLNet.Transformers;

/// <summary>Settings of <see cref="SequenceClassificationTrainer"/>.</summary>
public sealed class SequenceClassificationOptions : TrainingOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of a second text, as in paraphrase or entailment; null: single texts.</summary>
    /// <value>null.</value>
    public string? TextPairColumnName { get; set; }

    /// <summary>Column of the classes, of key type.</summary>
    /// <value>"Label".</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Column for the most probable class, of the label's key type.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the classes, in the order of the keys.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>What becomes of a classification head that the checkpoint already has.</summary>
    /// <value><see cref="HeadSource.Auto"/>.</value>
    public HeadSource Head { get; set; } = HeadSource.Auto;

    /// <summary>Share of the target's probability that is spread over all classes, 0 to below 1.</summary>
    /// <value>0.</value>
    public double LabelSmoothing { get; set; }

    /// <summary>Weight of each class in the loss, by the label's text as it stands among the key's values; above 0, classes not named weigh 1. Null: all 1.</summary>
    /// <value>null.</value>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; set; }

    /// <summary>The metric on the validation rows that decides which epoch was best.</summary>
    /// <value><see cref="ClassificationMetric.Accuracy"/>.</value>
    public ClassificationMetric ValidationMetric { get; set; } = ClassificationMetric.Accuracy;

    internal override string Identity => $"{base.Identity}|{ValidationMetric}";

    private protected override void CopyContents() => ClassWeights = ClassWeights?.ToDictionary();

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
        Check.Defined(Head, nameof(Head));
        Check.Between(LabelSmoothing, 0, 0.999, nameof(LabelSmoothing));
        Check.Defined(ValidationMetric, nameof(ValidationMetric));
        Check.Weights(ClassWeights, nameof(ClassWeights));
    }
}
