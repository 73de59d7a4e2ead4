using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Tags of a row as entities, and entities as tags.</summary>
internal static class TagSequence
{
    /// <summary>The entities that tags of any scheme write, be they broken or not, as seqeval's default mode reads them; L and U of BILOU as E and S, which it does not know.</summary>
    public static IReadOnlyList<TaggedEntity> Read(IReadOnlyList<string> tags) =>
        EntityReader.Read([.. tags.Select(TagName.Parse).Select(tag => tag.Prefix == 'O' ? TagName.Outside : $"{tag.Prefix}-{tag.Type}")]);

    /// <summary>The tags of entities that stand in order and do not overlap.</summary>
    public static string[] Write(IReadOnlyList<TaggedEntity> entities, int words, TagScheme scheme)
    {
        var tags = new string[words];
        Array.Fill(tags, TagName.Outside);
        for (int i = 0; i < entities.Count; i++)
        {
            TaggedEntity entity = entities[i];
            int end = entity.Start + entity.Length;
            bool followsItsType = i > 0 && entities[i - 1].Type == entity.Type && entities[i - 1].Start + entities[i - 1].Length == entity.Start;
            bool precedesItsType = i + 1 < entities.Count && entities[i + 1].Type == entity.Type && entities[i + 1].Start == end;
            for (int word = entity.Start; word < end; word++)
            {
                tags[word] = $"{Prefix(scheme, word == entity.Start, word == end - 1, followsItsType, precedesItsType)}-{entity.Type}";
            }
        }
        return tags;
    }

    /// <summary>Tags in which those that are missing (empty) are what their neighbours ask for: inside of an entity where the scheme has a word of it there, else outside; so where there is no scheme.</summary>
    public static string[] Filled(IReadOnlyList<string> tags, TagScheme? scheme)
    {
        string[] filled = [.. tags.Select(tag => tag.Length > 0 ? tag : TagName.Outside)];
        for (int word = 0; word < filled.Length; word++)
        {
            if (tags[word].Length > 0)
            {
                continue;
            }
            if (word > 0 && tags[word - 1].Length > 0 && TagName.Parse(tags[word - 1]) is var before && GoesOn(scheme, before.Prefix))
            {
                filled[word] = $"I-{before.Type}";
            }
            if (word + 1 < filled.Length && tags[word + 1].Length > 0 && TagName.Parse(tags[word + 1]) is var after && CameBefore(scheme, after.Prefix))
            {
                filled[word] = $"I-{after.Type}";
            }
        }
        return filled;
    }

    /// <summary>
    /// The first word whose tag is not as the scheme would write the entities that the tags read as, and the tag that should stand there; null: all are.
    /// Missing tags (empty ones) may be any.
    /// </summary>
    public static (int Word, string Expected)? FirstBroken(IReadOnlyList<string> tags, TagScheme scheme)
    {
        string[] expected = Write(Read(Filled(tags, scheme)), tags.Count, scheme);
        for (int word = 0; word < expected.Length; word++)
        {
            if (tags[word].Length > 0 && tags[word] != expected[word])
            {
                return (word, expected[word]);
            }
        }
        return null;
    }

    // Whether the word behind a prefix has the same type.
    private static bool GoesOn(TagScheme? scheme, char prefix) => scheme switch
    {
        null or TagScheme.Iob1 or TagScheme.Iob2 => false,
        TagScheme.Ioe1 => prefix == 'E',
        TagScheme.Ioe2 => prefix == 'I',
        _ => prefix is 'B' or 'I',
    };

    // Whether the word in front of a prefix has the same type.
    private static bool CameBefore(TagScheme? scheme, char prefix) => scheme switch
    {
        TagScheme.Iob1 => prefix == 'B',
        TagScheme.Iob2 => prefix == 'I',
        null or TagScheme.Ioe1 or TagScheme.Ioe2 => false,
        _ => prefix is 'I' or 'E',
    };

    private static char Prefix(TagScheme scheme, bool first, bool last, bool followsItsType, bool precedesItsType) => scheme switch
    {
        TagScheme.Iob1 => first && followsItsType ? 'B' : 'I',
        TagScheme.Iob2 => first ? 'B' : 'I',
        TagScheme.Ioe1 => last && precedesItsType ? 'E' : 'I',
        TagScheme.Ioe2 => last ? 'E' : 'I',
        TagScheme.Iobes => first ? (last ? 'S' : 'B') : (last ? 'E' : 'I'),
        _ => first ? (last ? 'U' : 'B') : (last ? 'L' : 'I'),
    };
}
