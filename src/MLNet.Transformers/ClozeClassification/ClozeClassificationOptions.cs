using MLNet.Transformers.ClozeClassification;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="ClozeClassificationTrainer"/>.</summary>
public sealed class ClozeClassificationOptions : TrainingOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of a second text; null: single texts.</summary>
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

    /// <summary>
    /// What the network reads, with <c>{text}</c> and, of pairs, <c>{pair}</c> in it: "{text} It was". The verbalizer is what follows; of a GLM of 2022 it is
    /// what stands in its blank ([MASK], [sMASK] or [gMASK]), which may be anywhere. A text that is too long is cut, the pattern is not.
    /// </summary>
    /// <value>"{text}", with a second text "{text} {pair}".</value>
    public string? Pattern { get; set; }

    /// <summary>The verbalizer of each class, at least two; of each of the key's values one.</summary>
    /// <value>Empty: each class stands for itself.</value>
    public IReadOnlyList<ClozeChoice> Choices { get; set; } = [];

    /// <summary>Exponent of a verbalizer's number of tokens by which its log-probability is divided, at least 0. 0: the plain sum, as GLM's own code has it; 1: the mean.</summary>
    /// <value>0.</value>
    public double LengthPenalty { get; set; }

    /// <summary>The metric on the validation rows that decides which epoch was best: accuracy, macro F1 or loss.</summary>
    /// <value><see cref="ClassificationMetric.Accuracy"/>.</value>
    public ClassificationMetric ValidationMetric { get; set; } = ClassificationMetric.Accuracy;

    internal override string Identity => $"{base.Identity}|{ValidationMetric}";

    internal ClozeForm Form => ClozeForm.Of(Pattern, TextPairColumnName, Choices, LengthPenalty);

    private protected override void CopyContents() => Choices = [.. Check.NotNull(Choices, nameof(Choices))];

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
        if (ValidationMetric is not (ClassificationMetric.Accuracy or ClassificationMetric.MacroF1 or ClassificationMetric.Loss))
        {
            throw Check.OutOfRange(nameof(ValidationMetric), ValidationMetric, $"is {ValidationMetric}; of one class of several it is Accuracy, MacroF1 or Loss.");
        }
        Form.Validate(TextPairColumnName is not null);
    }
}
