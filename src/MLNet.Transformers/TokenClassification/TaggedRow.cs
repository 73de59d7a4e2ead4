namespace MLNet.Transformers.TokenClassification;

/// <summary>A row as it stands in the data.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">Its words.</param>
/// <param name="Tags">Their tags, empty where missing; null where the row has spans.</param>
/// <param name="Spans">Its entities; null where the row has tags.</param>
internal sealed record TaggedRow(long Number, TokenText Text, string[]? Tags, CharacterSpans? Spans)
{
    /// <summary>Whether there is something to learn of it.</summary>
    public bool Teaches => Text.Words.Length > 0 && (Tags is null || Tags.Any(tag => tag.Length > 0));

    /// <summary>Whether it has tags, but not as many as words.</summary>
    public bool IsMismatched => Tags is { Length: > 0 } tags && tags.Length != Text.Words.Length;
}

/// <summary>Entities of a raw text: the first character, the number of characters, and the type of each.</summary>
internal sealed record CharacterSpans(int[] Starts, int[] Lengths, string[] Types);
