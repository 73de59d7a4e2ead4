using MLNet.Transformers.Models;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplySequenceClassification"/>.</summary>
public sealed class ApplySequenceClassificationOptions
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

    /// <summary>Rows that the network computes at once, at least 1.</summary>
    /// <value>32.</value>
    public int BatchSize { get; set; } = 32;

    /// <summary>Most tokens of a row, special tokens included; longer texts are cut and counted in the log. Null: as many as the network takes.</summary>
    /// <value>null.</value>
    public int? MaxTokens { get; set; }

    /// <summary>Number format of the computation.</summary>
    /// <value><see cref="Precision.Float32"/>.</value>
    public Precision Precision { get; set; } = Precision.Float32;

    internal void Validate()
    {
        Check.ColumnName(TextColumnName, nameof(TextColumnName));
        if (TextPairColumnName is not null)
        {
            Check.ColumnName(TextPairColumnName, nameof(TextPairColumnName));
        }
        Check.ColumnName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        Check.ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        Check.Different(PredictedLabelColumnName, ScoreColumnName, nameof(PredictedLabelColumnName), nameof(ScoreColumnName));
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
        Check.AtLeast(MaxTokens, 3, nameof(MaxTokens));
        Check.Defined(Precision, nameof(Precision));
    }
}
