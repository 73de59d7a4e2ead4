namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplySequenceClassification"/>.</summary>
public sealed class ApplySequenceClassificationOptions : TextOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of a second text, as in paraphrase or entailment; null: single texts.</summary>
    /// <value>null.</value>
    public string? TextPairColumnName { get; set; }

    /// <summary>Column for the most probable class, a key whose values are the names in <c>id2label</c>.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the classes, in the order of <c>id2label</c>.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
    }
}
