using Microsoft.ML.Data;

namespace MLNet.Transformers;

/// <summary>
/// What a prediction engine reads of the columns with entities, under their default names: use it as the output type, or derive from it to read other
/// columns too.
/// </summary>
public class EntityPrediction
{
    /// <summary>Text of each entity.</summary>
    public string[] EntityText { get; set; } = [];

    /// <summary>Type of each entity.</summary>
    public string[] EntityType { get; set; } = [];

    /// <summary>First character of each entity.</summary>
    public int[] EntityStart { get; set; } = [];

    /// <summary>Number of each entity's characters.</summary>
    public int[] EntityLength { get; set; } = [];

    /// <summary>Probability of each entity.</summary>
    public float[] EntityScore { get; set; } = [];

    /// <summary>The entities, in the order of the text.</summary>
    [NoColumn]
    public IReadOnlyList<Entity> Entities =>
        [.. EntityText.Select((text, i) => new Entity(text, EntityType[i], EntityStart[i], EntityLength[i], EntityScore[i]))];
}
