namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.TextEmbedding"/>.</summary>
public sealed class TextEmbeddingOptions : TextOptions
{
    /// <summary>Column of the text.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column for the vector, as wide as the network's (<c>hidden_size</c>).</summary>
    /// <value>"Features".</value>
    public string FeaturesColumnName { get; set; } = "Features";

    /// <summary>How the vectors of a text's tokens become one. Null: as the folder says (1_Pooling), else their mean.</summary>
    /// <value>null.</value>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>Whether vectors are divided by their length, so that their scalar product is their cosine. Null: as the folder says (2_Normalize), else not.</summary>
    /// <value>null.</value>
    public bool? Normalize { get; set; }

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, pair: null);
        Check.ColumnName(FeaturesColumnName, nameof(FeaturesColumnName));
        Check.Defined(Pooling ?? default, nameof(Pooling));
    }
}
