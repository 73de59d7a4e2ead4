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

    internal override string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"{base.Identity}|{LabelSmoothing:R}|{ValidationMetric}|{string.Join(',', (ClassWeights ?? new Dictionary<string, double>()).OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key}={item.Value:R}")))}");

    internal override void Validate()
    {
        base.Validate();
        Check.ColumnName(TextColumnName, nameof(TextColumnName));
        if (TextPairColumnName is not null)
        {
            Check.ColumnName(TextPairColumnName, nameof(TextPairColumnName));
        }
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.ColumnName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        Check.ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        Check.Different(PredictedLabelColumnName, ScoreColumnName, nameof(PredictedLabelColumnName), nameof(ScoreColumnName));
        Check.Defined(Head, nameof(Head));
        Check.Between(LabelSmoothing, 0, 0.999, nameof(LabelSmoothing));
        Check.Defined(ValidationMetric, nameof(ValidationMetric));
        foreach ((string label, double weight) in ClassWeights ?? new Dictionary<string, double>())
        {
            Check.Between(weight, double.Epsilon, double.MaxValue, $"{nameof(ClassWeights)}['{label}']");
        }
    }
}
