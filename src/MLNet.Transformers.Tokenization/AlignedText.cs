namespace MLNet.Transformers.Tokenization;

/// <summary>A text with, for each of its UTF-16 units, the stretch of the original text that it came from.</summary>
/// <param name="Characters">The text.</param>
/// <param name="Starts">First original unit of each unit; null where the text is the original.</param>
/// <param name="Ends">Original unit behind each unit; null where the text is the original.</param>
/// <param name="Origin">Where the text begins in the original, where <paramref name="Starts"/> is null.</param>
internal sealed record AlignedText(ReadOnlyMemory<char> Characters, int[]? Starts, int[]? Ends, int Origin)
{
    public int Length => Characters.Length;

    public static AlignedText Of(ReadOnlyMemory<char> original, int origin) => new(original, null, null, origin);

    public int OriginalStart(int unit) => Starts is null ? Origin + unit : Starts[unit];

    /// <summary>The original unit behind a unit.</summary>
    public int OriginalEnd(int unit) => Ends is null ? Origin + unit + 1 : Ends[unit];

    public TextSlice Whole => new(this, 0, Length);
}

/// <summary>A stretch of an aligned text: what pre-tokenizers cut and piece models split.</summary>
internal readonly record struct TextSlice(AlignedText Text, int Start, int Length)
{
    public ReadOnlySpan<char> Span => Text.Characters.Span.Slice(Start, Length);

    /// <summary>Adds the stretch between two units to a list of words, unless it is empty.</summary>
    public void AddTo(List<TextSlice> words, int start, int end)
    {
        if (end > start)
        {
            words.Add(new TextSlice(Text, Start + start, end - start));
        }
    }

    /// <summary>The stretch as a text of its own.</summary>
    public AlignedText Alone() => Start == 0 && Length == Text.Length
        ? Text
        : new AlignedText(
            Text.Characters.Slice(Start, Length), Text.Starts?[Start..(Start + Length)], Text.Ends?[Start..(Start + Length)],
            Text.Starts is null ? Text.Origin + Start : Text.Origin);

    /// <summary>Where a stretch of the slice stands in the original text.</summary>
    public TextSpan Original(int start, int length) => length == 0
        ? default
        : new TextSpan(Text.OriginalStart(Start + start), Text.OriginalEnd(Start + start + length - 1));
}

internal static class TextSlices
{
    /// <summary>The index behind the slices that are of the same text as the one at an index.</summary>
    public static int EndOfText(this List<TextSlice> slices, int start)
    {
        int end = start + 1;
        while (end < slices.Count && ReferenceEquals(slices[end].Text, slices[start].Text))
        {
            end++;
        }
        return end;
    }
}
