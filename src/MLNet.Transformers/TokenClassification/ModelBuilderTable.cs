using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>
/// Reads the table of Model Builder's scenario for named entities: a sentence, a tab, and for each stretch between blanks its type, each behind a tab of
/// its own; "0" or "O" outside of entities.
/// </summary>
internal static class ModelBuilderTable
{
    public static List<TaggedSentence> Read(string path, string? typesPath, bool hasHeader)
    {
        Check.FileExists(path);
        if (typesPath is not null)
        {
            Check.FileExists(typesPath);
        }
        HashSet<string>? types = typesPath is null ? null : [.. File.ReadLines(typesPath).Select(line => line.Trim()).Where(line => line.Length > 0)];
        var sentences = new List<TaggedSentence>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && !(hasHeader && number == 1))
            {
                sentences.Add(Sentence(line, $"'{path}', line {number}", types, typesPath));
            }
        }
        if (sentences.Count == 0)
        {
            throw new InvalidDataException($"'{path}' has no row.");
        }
        return AreTags(types ?? [.. sentences.SelectMany(sentence => sentence.Tags)], isList: types is not null)
            ? sentences
            : sentences.ConvertAll(sentence => new TaggedSentence { Words = sentence.Words, Tags = Tags(sentence.Tags) });
    }

    private static TaggedSentence Sentence(string line, string place, HashSet<string>? types, string? typesPath)
    {
        string[] cells = line.Split('\t');
        string text = Unquoted(cells[0]);
        TextSpan[] words = WordSplitter.AtBlanks(text);
        string[] labels = [.. cells[1..].Select(Unquoted)];
        // Tables are as wide as their longest sentence.
        if (labels.Length < words.Length || labels[words.Length..].Any(label => label.Length > 0))
        {
            throw new InvalidDataException(
                $"{place}: the sentence has {words.Length} words (stretches between blanks), but {labels.Length} labels follow it; expected one for each word, each behind a tab.");
        }
        labels = [.. labels[..words.Length].Select(label => label is "" or "0" ? TagName.Outside : label)];
        if (types is not null && labels.FirstOrDefault(label => label != TagName.Outside && !types.Contains(label)) is { } unknown)
        {
            throw new InvalidDataException($"{place}: the label '{unknown}' does not stand in '{typesPath}'; expected one of {string.Join(", ", types)}, or 0.");
        }
        return new TaggedSentence { Words = [.. words.Select(word => text[word.Start..word.End])], Tags = labels };
    }

    // A list of tags has a type with several prefixes ("B-PER", "I-PER"), a list of types may have some that look like tags ("E-MAIL", "S-BAHN").
    private static bool AreTags(HashSet<string> labels, bool isList)
    {
        string[] named = [.. labels.Where(label => label != TagName.Outside && label != "0")];
        return named.All(TagName.HasPrefix) && (!isList || named.GroupBy(label => label[2..]).All(type => type.Count() > 1));
    }

    // Equal types side by side are one entity, as nothing in the table parts them.
    private static string[] Tags(string[] types)
    {
        var entities = new List<TaggedEntity>();
        for (int word = 0; word < types.Length; word++)
        {
            if (entities is [.., var last] && last.Type == types[word] && last.Start + last.Length == word)
            {
                entities[^1] = last with { Length = last.Length + 1 };
            }
            else if (types[word] != TagName.Outside)
            {
                entities.Add(new TaggedEntity(types[word], word, 1));
            }
        }
        return TagSequence.Write(entities, types.Length, TagScheme.Iob2);
    }

    private static string Unquoted(string cell)
    {
        cell = cell.Trim();
        return cell.Length > 1 && cell[0] == '"' && cell[^1] == '"' ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : cell;
    }
}
