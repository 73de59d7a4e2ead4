namespace MLNet.Transformers;

/// <summary>How the vectors of a text's tokens become one.</summary>
public enum EmbeddingPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token, [CLS] in BERT.</summary>
    Cls,

    /// <summary>That of the last token, which in a decoder alone has seen all others.</summary>
    Last,
}
