namespace MLNet.Transformers;

/// <summary>
/// Settings of <see cref="TransformersCatalog.ApplyTokenClassification"/>. A row is words where the input has the column <see cref="WordsColumnName"/>, else
/// a raw text.
/// </summary>
/// <remarks>Longer rows than <see cref="TextOptions.MaxTokens"/> are not cut but read in windows.</remarks>
public sealed class ApplyTokenClassificationOptions : TextOptions
{
    /// <summary>Column of the words, a vector of text; null: rows are raw texts, whatever columns there are.</summary>
    /// <value>"Words".</value>
    public string? WordsColumnName { get; set; } = "Words";

    /// <summary>Column of the text, read where there is none of words; null: rows are words.</summary>
    /// <value>"Text".</value>
    public string? TextColumnName { get; set; } = "Text";

    /// <summary>
    /// Whether the words of a raw text are the stretches between blanks. False: punctuation marks and Chinese characters are words of their own too, as
    /// BERT's pre-tokenizer cuts.
    /// </summary>
    /// <value>false.</value>
    public bool SplitAtBlanks { get; set; }

    /// <summary>Column for the tag of each word, a vector of keys whose values are the names in <c>id2label</c>.</summary>
    /// <value>"PredictedTags".</value>
    public string PredictedTagsColumnName { get; set; } = "PredictedTags";

    /// <summary>Column for the probability of each word's tag; of a word without tokens 1.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Columns for the places of words and for entities.</summary>
    public EntityColumnNames EntityColumns { get; set; } = new();

    /// <summary>How entities are made of tokens.</summary>
    /// <value><see cref="EntityAggregation.First"/>.</value>
    public EntityAggregation Aggregation { get; set; } = EntityAggregation.First;

    /// <summary>Tokens that two windows over a long row have in common, at least 0. Null: a quarter of <see cref="TextOptions.MaxTokens"/>.</summary>
    /// <value>null.</value>
    public int? Stride { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        TokenColumnChecks.Inputs(WordsColumnName, TextColumnName);
        TokenColumnChecks.Outputs(PredictedTagsColumnName, ScoreColumnName, EntityColumns);
        Check.Defined(Aggregation, nameof(Aggregation));
        Check.AtLeast(Stride, 0, nameof(Stride));
    }
}
