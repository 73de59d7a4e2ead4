namespace MLNet.Transformers;

/// <summary>Settings of what turns written texts back into a task's columns: of <see cref="TransformersCatalog.TextToTextLabel"/> and its like.</summary>
public sealed class TextToTextOutputOptions
{
    /// <summary>Column of the written text.</summary>
    /// <value>"PredictedText".</value>
    public string PredictedTextColumnName { get; set; } = "PredictedText";

    /// <summary>Of classes: the column of keys that says which there are. Only <c>Fit</c> reads it.</summary>
    /// <value>"Label".</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Of classes: column for the class, of the label's key type; missing where the text is none of them.</summary>
    /// <value>"PredictedLabel".</value>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Of classes: column for a score for each, 1 for the one that was written, and for all the same share of 1 where none was. Of numbers: column for the number.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Of tags: column of the words.</summary>
    /// <value>"Words".</value>
    public string WordsColumnName { get; set; } = "Words";

    /// <summary>Of tags: column for the tags, a vector of texts.</summary>
    /// <value>"PredictedTags".</value>
    public string PredictedTagsColumnName { get; set; } = "PredictedTags";

    /// <summary>Of tags: the tag of words for which none was written.</summary>
    /// <value>"O".</value>
    public string MissingTag { get; set; } = "O";

    /// <summary>Of numbers: the number where the text is none; finite.</summary>
    /// <value>-1, as T5's own code has it.</value>
    public float MissingNumber { get; set; } = -1;

    internal TextToTextOutputOptions Checked()
    {
        Check.ColumnName(PredictedTextColumnName, nameof(PredictedTextColumnName));
        Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        Check.ColumnName(WordsColumnName, nameof(WordsColumnName));
        Check.ColumnName(MissingTag, nameof(MissingTag));
        Check.Between(MissingNumber, float.MinValue, float.MaxValue, nameof(MissingNumber));
        Check.OutputColumns(
            (PredictedLabelColumnName, nameof(PredictedLabelColumnName)), (ScoreColumnName, nameof(ScoreColumnName)),
            (PredictedTagsColumnName, nameof(PredictedTagsColumnName)));
        return this;
    }
}
