namespace MLNet.Transformers;

/// <summary>Names of the columns that say where words and entities stand. Those of words are as long as the tags, those of entities as there are entities.</summary>
/// <remarks>Characters are UTF-16 units of the text, or, where a row is words, of the words joined by one blank each.</remarks>
public sealed record EntityColumnNames
{
    /// <summary>First character of each word.</summary>
    /// <value>"WordStart".</value>
    public string WordStart { get; init; } = "WordStart";

    /// <summary>Number of each word's characters.</summary>
    /// <value>"WordLength".</value>
    public string WordLength { get; init; } = "WordLength";

    /// <summary>Text of each entity.</summary>
    /// <value>"EntityText".</value>
    public string EntityText { get; init; } = "EntityText";

    /// <summary>Type of each entity.</summary>
    /// <value>"EntityType".</value>
    public string EntityType { get; init; } = "EntityType";

    /// <summary>First character of each entity.</summary>
    /// <value>"EntityStart".</value>
    public string EntityStart { get; init; } = "EntityStart";

    /// <summary>Number of each entity's characters.</summary>
    /// <value>"EntityLength".</value>
    public string EntityLength { get; init; } = "EntityLength";

    /// <summary>Probability of each entity.</summary>
    /// <value>"EntityScore".</value>
    public string EntityScore { get; init; } = "EntityScore";

    internal IEnumerable<string> OfEntities => [EntityText, EntityType, EntityStart, EntityLength, EntityScore];
}
