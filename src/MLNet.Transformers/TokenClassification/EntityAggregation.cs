namespace MLNet.Transformers;

/// <summary>
/// How entities are made of the scores of tokens, as the reference's pipeline defines it (pipelines/token_classification.py, AggregationStrategy). A word
/// is what a tag is given to: one of the row's words, or of those that a raw text is cut into.
/// </summary>
public enum EntityAggregation
{
    /// <summary>Each token with a tag other than the outside one is an entity, and its type the whole tag.</summary>
    None,

    /// <summary>Neighbouring tokens whose tags continue one another are an entity; its score is the mean of theirs. May cut through a word.</summary>
    Simple,

    /// <summary>A word has the tag and the score of its first token, the only one that is trained; neighbouring words are joined.</summary>
    First,

    /// <summary>A word has the tag that is the most probable in the mean over its tokens; neighbouring words are joined.</summary>
    Average,

    /// <summary>A word has the tag of the token that is the most certain; neighbouring words are joined.</summary>
    Max,
}
