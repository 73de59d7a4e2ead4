using MLNet.Transformers.ClozeClassification;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplyClozeClassification"/>.</summary>
public sealed class ApplyClozeClassificationOptions : TextOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of a second text; null: single texts.</summary>
    /// <value>null.</value>
    public string? TextPairColumnName { get; set; }

    /// <summary>Column for the most probable class, a key whose values are the labels of <see cref="Choices"/>.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column for the probabilities of the classes, in the order of <see cref="Choices"/>.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>
    /// What the network reads, with <c>{text}</c> and, of pairs, <c>{pair}</c> in it: "{text} It was". The verbalizer is what follows; of a GLM of 2022 it is
    /// what stands in its blank ([MASK], [sMASK] or [gMASK]), which may be anywhere. A text that is too long is cut, the pattern is not.
    /// </summary>
    /// <value>"{text}", with a second text "{text} {pair}".</value>
    public string? Pattern { get; set; }

    /// <summary>The classes with their verbalizers, at least two.</summary>
    /// <value>Empty, which is refused.</value>
    public IReadOnlyList<ClozeChoice> Choices { get; set; } = [];

    /// <summary>Exponent of a verbalizer's number of tokens by which its log-probability is divided, at least 0. 0: the plain sum, as GLM's own code has it; 1: the mean.</summary>
    /// <value>0.</value>
    public double LengthPenalty { get; set; }

    internal ClozeForm Form => ClozeForm.Of(Pattern, TextPairColumnName, Choices, LengthPenalty);

    private protected override void CopyContents() => Choices = [.. Check.NotNull(Choices, nameof(Choices))];

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName);
        Check.OutputColumns((PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
        Form.Validate(TextPairColumnName is not null);
        if (Choices.Count == 0)
        {
            throw new ArgumentException($"{nameof(Choices)} is empty; give each class with its text.", nameof(Choices));
        }
    }
}
