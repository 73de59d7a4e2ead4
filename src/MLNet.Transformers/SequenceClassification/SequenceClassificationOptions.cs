using System.Globalization;

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

    /// <summary>
    /// Column of the labels. Its type says what is learnt: a key, one class of several; Boolean, yes or no; a vector of known size of Boolean or Single, or
    /// of keys, any number of labels; Single, a number. See <see cref="TransformersCatalog.SequenceClassification"/>.
    /// </summary>
    /// <value>"Label".</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Column for the most probable class, of the label's key type; for yes or no; or for a yes or no for each label. A number has none.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the classes or labels, in the order of the keys or slots; for the logit of yes, above 0 where it is likelier than no; or for the number.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Of yes or no, column for the probability of yes.</summary>
    /// <value>"Probability".</value>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>From which probability a label, or a yes, is predicted, 0 to 1. One class of several is the most probable one whatever this says.</summary>
    /// <value>0.5.</value>
    public double Threshold { get; set; } = 0.5;

    /// <summary>What becomes of texts that are longer than <see cref="TextOptions.MaxTokens"/>.</summary>
    /// <value><see cref="LongTexts.Cut"/>.</value>
    public LongTexts LongTexts { get; set; } = LongTexts.Cut;

    /// <summary>Where long texts are read in windows, tokens that two successive windows have in common, at least 0; at most half of a window's room for the text.</summary>
    /// <value>0.</value>
    public int Stride { get; set; }

    /// <summary>What becomes of a classification head that the checkpoint already has.</summary>
    /// <value><see cref="HeadSource.Auto"/>.</value>
    public HeadSource Head { get; set; } = HeadSource.Auto;

    /// <summary>Share of the target's probability that is spread over all classes, 0 to below 1.</summary>
    /// <value>0.</value>
    public double LabelSmoothing { get; set; }

    /// <summary>Weight of each class in the loss, by the label's text as it stands among the key's values; above 0, classes not named weigh 1. Null: all 1.</summary>
    /// <value>null.</value>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; set; }

    /// <summary>
    /// The metric on the validation rows that decides which epoch was best. Null: <see cref="ClassificationMetric.Accuracy"/>, of several labels
    /// <see cref="ClassificationMetric.MicroF1"/>, of numbers <see cref="ClassificationMetric.MeanSquaredError"/>.
    /// </summary>
    /// <value>null.</value>
    public ClassificationMetric? ValidationMetric { get; set; }

    internal override string Identity => string.Create(CultureInfo.InvariantCulture, $"{base.Identity}|{ValidationMetric}|{Threshold:R}|{LongTexts}");

    private protected override void CopyContents() => ClassWeights = ClassWeights?.ToDictionary();

    private protected override void Validate()
    {
        base.Validate();
        Check.Between(Threshold, 0, 1, nameof(Threshold));
        Check.Defined(LongTexts, nameof(LongTexts));
        Check.AtLeast(Stride, 0, nameof(Stride));
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)), (ProbabilityColumnName, nameof(ProbabilityColumnName)));
        Check.Defined(Head, nameof(Head));
        Check.Between(LabelSmoothing, 0, 0.999, nameof(LabelSmoothing));
        Check.Defined(ValidationMetric ?? default, nameof(ValidationMetric));
        Check.Weights(ClassWeights, nameof(ClassWeights));
    }
}
