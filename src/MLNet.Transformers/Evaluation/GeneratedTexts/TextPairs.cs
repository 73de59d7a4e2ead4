namespace MLNet.Transformers.Evaluation;

/// <summary>Texts that were written, each with the texts that would be right.</summary>
internal static class TextPairs
{
    /// <summary>Each text with its references. Empty ones are left out where another is not, as sacreBLEU leaves them out.</summary>
    /// <exception cref="ArgumentException">The numbers differ, a row has no reference, or a text is null.</exception>
    public static IEnumerable<(string Text, string[] References)> Of(IReadOnlyList<string> texts, IReadOnlyList<IReadOnlyList<string>> references)
    {
        Paired.Check(references, texts, "texts");
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i] is null || references[i] is null || references[i].Contains(null))
            {
                throw new ArgumentException($"Row {i + 1}: a text is null; where nothing was written, give an empty one.");
            }
            if (references[i].Count == 0)
            {
                throw new ArgumentException($"Row {i + 1}: there is no reference; give at least one, if only an empty text.");
            }
            string[] given = [.. references[i].Where(reference => reference.Length > 0)];
            yield return (texts[i], given.Length > 0 ? given : [""]);
        }
    }

    public static IReadOnlyList<IReadOnlyList<string>> OneEach(IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        return [.. references.Select(reference => (string[])[reference])];
    }
}
