using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Brings a row's entities into tags of a scheme, and says what is wrong with them.</summary>
/// <param name="scheme">The scheme; null: tags of no scheme, of which any may follow any.</param>
internal sealed class RowCheck(TagScheme? scheme)
{
    /// <summary>The tags of a row's words, repaired where they have to be; null where a row's lengths differ.</summary>
    /// <param name="row">The row.</param>
    /// <param name="found">Told what is wrong.</param>
    public string[]? Tags(TaggedRow row, Action<TokenDataProblemKind, string> found) =>
        row.Tags is { } tags ? OfTags(row.Text, tags, found) : OfSpans(row.Text, row.Spans!, found);

    private string[]? OfTags(TokenText text, string[] tags, Action<TokenDataProblemKind, string> found)
    {
        if (tags.Length != text.Words.Length)
        {
            found(TokenDataProblemKind.LengthMismatch, $"there are {text.Words.Length} words but {tags.Length} tags; expected one tag for each word");
            return null;
        }
        if (scheme is not { } known)
        {
            return tags;
        }
        if (TagSequence.FirstBroken(tags, known) is not var (word, expected))
        {
            return tags;
        }
        string before = word == 0 ? "" : tags[word - 1].Length > 0 ? $", behind '{tags[word - 1]}'," : ", behind a missing tag,";
        found(
            TokenDataProblemKind.BrokenTags,
            $"the tag '{tags[word]}' of word {word + 1} ('{text.Word(word)}'){before} is not one of {known}, which has '{expected}' there");
        string[] repaired = TagSequence.Write(TagSequence.Read(TagSequence.Filled(tags, known)), tags.Length, known);
        return [.. repaired.Select((tag, i) => tags[i].Length > 0 ? tag : "")];
    }

    private string[]? OfSpans(TokenText text, CharacterSpans spans, Action<TokenDataProblemKind, string> found)
    {
        (int[] starts, int[] lengths, string[] types) = spans;
        if (starts.Length != lengths.Length || starts.Length != types.Length)
        {
            found(
                TokenDataProblemKind.LengthMismatch,
                $"there are {starts.Length} starts, {lengths.Length} lengths and {types.Length} types of spans; expected as many of each");
            return null;
        }
        var words = new List<TaggedEntity>();
        foreach (int number in Enumerable.Range(0, starts.Length).OrderBy(number => starts[number]))
        {
            if (Misfit(text, starts[number], lengths[number], types[number], words) is var (why, span) && why is not null)
            {
                found(TokenDataProblemKind.MisalignedSpan, $"span {number + 1} ({types[number]}, characters {starts[number]} to {(long)starts[number] + lengths[number]}) {why}");
            }
            if (span is { } fitting)
            {
                words.Add(fitting);
            }
        }
        return TagSequence.Write(words, text.Words.Length, scheme ?? TagScheme.Iob2);
    }

    // What is wrong with a span, null: nothing; and the words that it stands for, null: none.
    private static (string? Why, TaggedEntity? Words) Misfit(TokenText text, int start, int length, string type, List<TaggedEntity> earlier)
    {
        if (start < 0 || length < 1 || length > text.Text.Length - start)
        {
            return ($"does not lie within the {text.Text.Length} characters of the text", null);
        }
        if (string.IsNullOrWhiteSpace(type))
        {
            return ($"'{text.Text.Substring(start, length)}' has no type", null);
        }
        int first = Array.FindIndex(text.Words, word => word.End > start), last = Array.FindLastIndex(text.Words, word => word.Start < start + length);
        if (first < 0 || last < first)
        {
            return ("holds no word", null);
        }
        if (earlier.Count > 0 && first < earlier[^1].Start + earlier[^1].Length)
        {
            return ($"'{text.Text.Substring(start, length)}' overlaps the one before it", null);
        }
        var words = new TaggedEntity(type, first, last + 1 - first);
        (int from, int to) = (text.Words[first].Start, text.Words[last].End);
        return from == start && to == start + length
            ? (null, words)
            : ($"'{text.Text.Substring(start, length)}' does not begin and end with words: those it touches are '{text.Text[from..to]}', characters {from} to {to}", words);
    }
}
