namespace MLNet.Transformers;

/// <summary>Settings of <see cref="SentenceSimilarityTrainer"/>.</summary>
public sealed class SentenceSimilarityOptions : TrainingOptions
{
    /// <summary>Column of the first text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of the second text.</summary>
    /// <value>"TextPair".</value>
    public string TextPairColumnName { get; set; } = "TextPair";

    /// <summary>Column of the similarities, Single, -1 to 1.</summary>
    /// <value>"Label".</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Column for the cosine of the two texts' vectors, -1 to 1.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>How the vectors of a text's tokens become one. Null: as the folder says (1_Pooling), else their mean.</summary>
    /// <value>null.</value>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>
    /// The metric on the validation rows that decides which epoch was best: <see cref="ClassificationMetric.MeanSquaredError"/>,
    /// <see cref="ClassificationMetric.Pearson"/>, <see cref="ClassificationMetric.Spearman"/> or <see cref="ClassificationMetric.Loss"/>.
    /// </summary>
    /// <value><see cref="ClassificationMetric.MeanSquaredError"/>.</value>
    public ClassificationMetric ValidationMetric { get; set; } = ClassificationMetric.MeanSquaredError;

    internal override string Identity => $"{base.Identity}|{ValidationMetric}|{Pooling}";

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName ?? "");
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        Check.Defined(Pooling ?? default, nameof(Pooling));
        Check.OneOf(ValidationMetric, SequenceClassification.SequenceProblem.Number.Metrics, nameof(ValidationMetric));
    }
}
