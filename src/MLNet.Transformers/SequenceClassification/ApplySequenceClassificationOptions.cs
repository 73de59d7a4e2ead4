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

    /// <summary>Column for the most probable class, a key whose values are the names in <c>id2label</c>, for a yes or no, or for one for each label. A number has none.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the classes or labels, in the order of <c>id2label</c>, or for the number; of yes or no for what the logit of yes is above that of no.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Of yes or no, column for the probability of yes.</summary>
    /// <value>"Probability".</value>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>
    /// Of a head with two classes, the name in <c>id2label</c> of the one that counts as true: the columns are then those of yes or no
    /// (<c>BinaryClassification.Evaluate</c>). Null: the two are classes, unless they are False and True, in that order, as a training on Boolean labels
    /// writes them.
    /// </summary>
    /// <value>null.</value>
    public string? PositiveLabel { get; set; }

    /// <summary>From which probability a label, or a yes, is predicted, 0 to 1. One class of several is the most probable one whatever this says.</summary>
    /// <value>0.5.</value>
    public double Threshold { get; set; } = 0.5;

    /// <summary>What becomes of texts that are longer than <see cref="TextOptions.MaxTokens"/>.</summary>
    /// <value><see cref="LongTexts.Cut"/>.</value>
    public LongTexts LongTexts { get; set; } = LongTexts.Cut;

    /// <summary>Where long texts are read in windows, tokens that two successive windows have in common, at least 0; at most half of a window's room for the text.</summary>
    /// <value>0.</value>
    public int Stride { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        Check.Between(Threshold, 0, 1, nameof(Threshold));
        Check.Defined(LongTexts, nameof(LongTexts));
        Check.AtLeast(Stride, 0, nameof(Stride));
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)), (ProbabilityColumnName, nameof(ProbabilityColumnName)));
    }
}
