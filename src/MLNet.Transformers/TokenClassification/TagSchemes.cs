namespace MLNet.Transformers.TokenClassification;

/// <summary>Which scheme tags are written in, and which tags a scheme has.</summary>
internal static class TagSchemes
{
    /// <summary>The scheme that tags are of by their prefixes; null where one of them has none. IOB1 with B- looks like IOB2, and has to be said.</summary>
    public static TagScheme? Of(IEnumerable<string> tags)
    {
        string[] named = [.. tags.Where(tag => tag != TagName.Outside)];
        if (named.Length == 0 || !named.All(TagName.HasPrefix))
        {
            return null;
        }
        HashSet<char> prefixes = [.. named.Select(tag => tag[0])];
        bool Has(params ReadOnlySpan<char> any) => prefixes.Overlaps(any.ToArray());
        return Has('L', 'U') ? TagScheme.Bilou
            : Has('S') || (Has('E') && Has('B')) ? TagScheme.Iobes
            : Has('E') ? TagScheme.Ioe2
            : Has('B') ? TagScheme.Iob2
            : TagScheme.Iob1;
    }

    /// <summary>Whether tags name types alone: none has a prefix, nor is all that there is a prefix's letter.</summary>
    public static bool AreBare(IEnumerable<string> tags)
    {
        HashSet<string> named = [.. tags.Where(tag => tag != TagName.Outside)];
        return !named.Any(TagName.HasPrefix) && named.Any(tag => tag is not (null or "" or "B" or "I" or "E" or "S" or "L" or "U"));
    }

    /// <summary>The tags of a scheme: the outside tag, then those of each type, in the order of the types.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="types">The types, each once.</param>
    /// <param name="seen">Tags that occur: IOB1 and IOE1 have their rare prefix only where it does.</param>
    public static IEnumerable<string> Tags(TagScheme scheme, IEnumerable<string> types, IReadOnlySet<string> seen) =>
        types.Order(StringComparer.Ordinal).SelectMany(type => Prefixes(scheme).Select(prefix => $"{prefix}-{type}"))
            .Where(tag => scheme is not (TagScheme.Iob1 or TagScheme.Ioe1) || tag[0] == 'I' || seen.Contains(tag))
            .Prepend(TagName.Outside);

    private static string Prefixes(TagScheme scheme) => scheme switch
    {
        TagScheme.Iob1 or TagScheme.Iob2 => "BI",
        TagScheme.Ioe1 or TagScheme.Ioe2 => "IE",
        TagScheme.Iobes => "BIES",
        _ => "BILU",
    };
}
