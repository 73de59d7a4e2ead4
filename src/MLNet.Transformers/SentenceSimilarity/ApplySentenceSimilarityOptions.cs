namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplySentenceSimilarity"/>.</summary>
public sealed class ApplySentenceSimilarityOptions : TextOptions
{
    /// <summary>Column of the first text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column of the second text.</summary>
    /// <value>"TextPair".</value>
    public string TextPairColumnName { get; set; } = "TextPair";

    /// <summary>Column for the cosine of the two texts' vectors, -1 to 1.</summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>How the vectors of a text's tokens become one. Null: as the folder says (1_Pooling), else their mean.</summary>
    /// <value>null.</value>
    public EmbeddingPooling? Pooling { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, TextPairColumnName ?? "");
        Check.ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        Check.Defined(Pooling ?? default, nameof(Pooling));
    }
}
