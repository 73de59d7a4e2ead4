namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplyZeroShotClassification"/>.</summary>
public sealed class ApplyZeroShotClassificationOptions : TextOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column for the most probable label, a key whose values are the labels.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the labels, in the order in which they were given.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>
    /// Whether several labels, or none, may be right: each then has a probability of its own. False: the labels exclude each other, and their probabilities
    /// sum to 1.
    /// </summary>
    /// <value>false.</value>
    public bool MultiLabel { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, pair: null);
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
    }
}
