namespace MLNet.Transformers.TokenClassification;

/// <summary>A sentence of a file.</summary>
internal sealed class TaggedSentence
{
    public string[] Words { get; init; } = [];

    public string[] Tags { get; init; } = [];
}

/// <summary>Reads files with a word a line and its tag in another column; a line without anything ends a sentence.</summary>
internal static class ConllFile
{
    private const string DocumentStart = "-DOCSTART-";
    private const string TabbedComment = "# ";

    public static List<TaggedSentence> Read(string path, ConllOptions options)
    {
        Check.FileExists(path);
        string[] lines = File.ReadAllLines(path);
        char separator = options.Separator ?? (lines.Any(line => line.Contains('\t', StringComparison.Ordinal)) ? '\t' : ' ');
        string? comment = options.CommentPrefix ?? (separator == '\t' ? TabbedComment : null);
        var sentences = new List<TaggedSentence>();
        var (words, tags) = (new List<string>(), new List<string>());
        for (int number = 0; number < lines.Length; number++)
        {
            string line = lines[number];
            if (string.IsNullOrWhiteSpace(line))
            {
                End();
            }
            else if (comment is null || !line.StartsWith(comment, StringComparison.Ordinal))
            {
                Add(Columns(line, separator), number + 1);
            }
        }
        End();
        return sentences.Count > 0 ? sentences : throw new InvalidDataException($"'{path}' has no line with a word.");

        void Add(string[] columns, int number)
        {
            if (columns[0] == DocumentStart)
            {
                return;
            }
            int tag = options.TagColumn ?? columns.Length - 1;
            int last = Math.Max(options.WordColumn, tag);
            if (columns.Length <= last || options.WordColumn == tag)
            {
                throw new InvalidDataException(
                    $"'{path}', line {number}: found {columns.Length} column{(columns.Length == 1 ? "" : "s")} ('{lines[number - 1]}'), expected the word in column {options.WordColumn} and the tag in {(options.TagColumn is { } asked ? $"column {asked}" : "the last one")}, counted from 0.");
            }
            if (string.IsNullOrWhiteSpace(columns[tag]))
            {
                throw new InvalidDataException(
                    $"'{path}', line {number}: the tag is empty (column {tag} of {columns.Length}, counted from 0, in '{lines[number - 1]}'); expected one, '{TagName.Outside}' outside of entities{(options.TagColumn is null ? ", and no separator behind it" : "")}.");
            }
            words.Add(columns[options.WordColumn]);
            tags.Add(columns[tag]);
        }

        void End()
        {
            if (words.Count > 0)
            {
                sentences.Add(new TaggedSentence { Words = [.. words], Tags = [.. tags] });
            }
            words.Clear();
            tags.Clear();
        }
    }

    // Several blanks are one separator, each tab is one.
    private static string[] Columns(string line, char separator) =>
        separator == ' ' ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator);
}
