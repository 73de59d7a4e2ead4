namespace MLNet.Transformers.Evaluation;

/// <summary>Reads the entities that the tags of a sentence mark.</summary>
internal static class EntityReader
{
    private const char Outside = 'O';

    /// <summary>The entities, in the order of the words.</summary>
    /// <param name="tags">A tag a word.</param>
    /// <param name="scheme">Only what this scheme allows is an entity; null: whatever can be read as one, as conlleval does.</param>
    /// <param name="row">The sentence's number among all, from 1, for errors.</param>
    /// <exception cref="ArgumentException">A tag is empty, or begins with a letter that the scheme does not have.</exception>
    public static IReadOnlyList<TaggedEntity> Read(IReadOnlyList<string> tags, TagScheme? scheme = null, int row = 1)
    {
        for (int i = 0; i < tags.Count; i++)
        {
            if (string.IsNullOrEmpty(tags[i]))
            {
                throw new ArgumentException($"Row {row}, word {i + 1}: the tag is empty; words outside of entities are tagged '{Outside}'.");
            }
        }
        return scheme is { } strict ? [.. SchemeRules.Of(strict).Entities(tags, row)] : [.. Lenient(tags)];
    }

    // seqeval's get_entities. A tag that closes nothing (L and U of BILOU are no letters of its) begins no entity of the same type, and ends none.
    private static IEnumerable<TaggedEntity> Lenient(IReadOnlyList<string> tags)
    {
        (char Letter, string Type) previous = (Outside, "");
        int start = 0;
        for (int i = 0; i <= tags.Count; i++)
        {
            (char Letter, string Type) current = i < tags.Count ? Split(tags[i]) : (Outside, "_");
            bool other = current.Type != previous.Type;
            if (Ends(previous.Letter, current.Letter, other))
            {
                yield return new TaggedEntity(previous.Type, start, i - start);
            }
            if (Begins(previous.Letter, current.Letter, other))
            {
                start = i;
            }
            previous = current;
        }
    }

    // Only the first hyphen parts letter and type, and what stands between the letter and it is passed over.
    private static (char Letter, string Type) Split(string tag)
    {
        string rest = tag[1..];
        string type = rest[(rest.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return (tag[0], type.Length > 0 ? type : "_");
    }

    private static bool Ends(char previous, char current, bool other) => previous is 'E' or 'S'
        || (previous is 'B' or 'I' && current is 'B' or 'S' or Outside)
        || (previous is not (Outside or '.') && other);

    private static bool Begins(char previous, char current, bool other) => current is 'B' or 'S'
        || (previous is 'E' or 'S' or Outside && current is 'E' or 'I')
        || (current is not (Outside or '.') && other);
}
