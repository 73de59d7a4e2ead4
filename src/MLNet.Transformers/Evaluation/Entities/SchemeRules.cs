namespace MLNet.Transformers.Evaluation;

/// <summary>
/// What a scheme allows, read as seqeval's strict mode reads it (its scheme.py). A rule is three characters: the letter of the word before, the letter of
/// the word itself, and whether their types are the same (=), others (!) or do not matter (*); a letter that does not matter is * too.
/// </summary>
/// <param name="letters">The letters that tags may begin with.</param>
/// <param name="begins">Where a word begins an entity.</param>
/// <param name="continues">Where a word belongs to the entity of the word before.</param>
/// <param name="ends">Where an entity that ended with the word before is whole; where none of these holds, it is none.</param>
internal sealed class SchemeRules(string letters, string[] begins, string[] continues, string[] ends)
{
    private const char Any = '*';

    private static readonly Tag _outside = new('O', "_");

    // IOE1 lacks "EO*": an E before O ends nothing. seqeval says so of itself ("hasn't yet been able to handle some cases"), and is followed.
    private static readonly Dictionary<TagScheme, SchemeRules> _all = new()
    {
        [TagScheme.Iob1] = new("IOB", ["OI*", "II!", "BI*", "IB=", "BB="], ["BI=", "II="], ["II!", "IO*", "IB*", "BO*", "BI!", "BB="]),
        [TagScheme.Iob2] = new("IOB", ["*B*"], ["BI=", "II="], ["IO*", "II!", "IB*", "BO*", "BI!", "BB*"]),
        [TagScheme.Ioe1] = new("IOE", ["OI*", "II!", "EI*", "EE="], ["II=", "IE="], ["II!", "IO*", "IE!", "EI=", "EE="]),
        [TagScheme.Ioe2] = new("IOE", ["OI*", "OE*", "EI*", "EE*", "II!", "IE!"], ["II=", "IE="], ["E**"]),
        [TagScheme.Iobes] = new("IOBES", ["*B*", "*S*"], ["BI=", "BE=", "II=", "IE="], ["S**", "E**"]),
        [TagScheme.Bilou] = new("BILOU", ["*B*", "*U*"], ["BI=", "BL=", "II=", "IL="], ["U**", "L**"]),
    };

    public static SchemeRules Of(TagScheme scheme) => _all[scheme];

    public IEnumerable<TaggedEntity> Entities(IReadOnlyList<string> tags, int row)
    {
        Tag[] words = [.. tags.Select((tag, i) => Split(tag, row, i)), _outside];
        for (int i = 0; i < words.Length;)
        {
            if (!Holds(begins, i == 0 ? _outside : words[i - 1], words[i]))
            {
                i++;
                continue;
            }
            int start = i++;
            while (i < words.Length && Holds(continues, words[i - 1], words[i]))
            {
                i++;
            }
            if (Holds(ends, words[i - 1], words[i]))
            {
                yield return new TaggedEntity(words[start].Type, start, i - start);
            }
        }
    }

    private Tag Split(string tag, int row, int word)
    {
        string type = tag[1..].Trim('-');
        return letters.Contains(tag[0], StringComparison.Ordinal)
            ? new Tag(tag[0], type.Length > 0 ? type : _outside.Type)
            : throw new ArgumentException(
                $"Row {row}, word {word + 1}: the tag '{tag}' does not begin with one of the scheme's letters, {string.Join(", ", letters.ToCharArray())}.");
    }

    private static bool Holds(string[] rules, Tag before, Tag word) => rules.Any(rule =>
        (rule[0] == Any || rule[0] == before.Letter)
        && (rule[1] == Any || rule[1] == word.Letter)
        && (rule[2] == Any || (rule[2] == '=') == (before.Type == word.Type)));

    private readonly record struct Tag(char Letter, string Type);
}
