namespace MLNet.Transformers;

/// <summary>Checks of the column names that both options of token classification have.</summary>
internal static class TokenColumnChecks
{
    public static void Inputs(string? words, string? text)
    {
        if (words is null && text is null)
        {
            throw new ArgumentException("WordsColumnName and TextColumnName are both null; give the one that the rows have.");
        }
        Check.ColumnName(words ?? text, words is null ? "TextColumnName" : "WordsColumnName");
        Check.ColumnName(text ?? words, "TextColumnName");
    }

    public static void Outputs(string tags, string score, EntityColumnNames? entities)
    {
        ArgumentNullException.ThrowIfNull(entities, "EntityColumns");
        Check.OutputColumns(
            (tags, "PredictedTagsColumnName"), (score, "ScoreColumnName"), (entities.WordStart, "EntityColumns.WordStart"),
            (entities.WordLength, "EntityColumns.WordLength"), (entities.EntityText, "EntityColumns.EntityText"), (entities.EntityType, "EntityColumns.EntityType"),
            (entities.EntityStart, "EntityColumns.EntityStart"), (entities.EntityLength, "EntityColumns.EntityLength"),
            (entities.EntityScore, "EntityColumns.EntityScore"));
    }
}
