namespace MLNet.Transformers.TokenClassification;

/// <summary>A tag, read: "B-PER" is a prefix and a type.</summary>
/// <param name="Prefix">B, I, E or S (BILOU's L and U are E and S); I where the tag has no prefix, as the reference takes it; O for the outside tag.</param>
/// <param name="Type">What is tagged; empty for the outside tag.</param>
internal readonly record struct TagName(char Prefix, string Type)
{
    public const string Outside = "O";

    public static TagName Parse(string tag) => tag == Outside ? new('O', "") : !HasPrefix(tag) ? new('I', tag) : new(
        tag[0] switch { 'L' => 'E', 'U' => 'S', _ => tag[0] }, tag[2..]);

    /// <summary>Whether a tag says where in an entity it stands.</summary>
    public static bool HasPrefix(string tag) => tag.Length > 2 && tag[1] == '-' && tag[0] is 'B' or 'I' or 'E' or 'S' or 'L' or 'U';

    /// <summary>The tag that one was surely meant to be ("o" and "0" are "O", "b-PER" is "B-PER"), but which is read as a type of entities; null: it is as it should be.</summary>
    public static string? Meant(string tag) => tag is "o" or "0" ? Outside
        : tag.Length > 0 && char.IsAsciiLetterLower(tag[0]) && $"{char.ToUpperInvariant(tag[0])}{tag[1..]}" is var capital && HasPrefix(capital) ? capital
        : null;

    /// <summary>Whether an entity goes on from one tag to the next; for tags of B and I as the reference joins them.</summary>
    public static bool Continues(TagName before, TagName tag) =>
        tag.Type == before.Type && tag.Prefix is not ('B' or 'S') && before.Prefix is not ('E' or 'S');
}
