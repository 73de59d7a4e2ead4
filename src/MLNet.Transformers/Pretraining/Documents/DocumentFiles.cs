using System.Text;
using System.Text.Json;

namespace MLNet.Transformers.Pretraining;

/// <summary>A row that <see cref="TransformersCatalog.LoadDocuments"/> reads.</summary>
internal sealed class Document
{
    public string Text { get; init; } = "";

    public bool ContinuesDocument { get; init; }
}

/// <summary>Documents in text files.</summary>
internal static class DocumentFiles
{
    // A longer document is read in stretches that end with a line.
    private const int MostCharacters = 1 << 18;

    /// <summary>The files of a path, at least one.</summary>
    public static string[] Find(string path, string pattern)
    {
        if (File.Exists(path))
        {
            return [path];
        }
        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
        }
        string[] files = [.. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new InvalidDataException($"The folder '{path}' has no file that matches '{pattern}'.");
    }

    public static IEnumerable<DocumentText> Read(string path, DocumentFormat format, string textProperty) => format switch
    {
        DocumentFormat.BlankLine => Texts(Lines(path).Append(""), endsWithBlankLine: true),
        DocumentFormat.JsonLine => Lines(path).Select((line, number) => (line, number + 1)).Where(item => !string.IsNullOrWhiteSpace(item.line))
            .Select(item => new DocumentText(Property(path, item.line, item.Item2, textProperty))),
        _ => Texts(Lines(path), endsWithBlankLine: false),
    };

    private static IEnumerable<DocumentText> Texts(IEnumerable<string> lines, bool endsWithBlankLine)
    {
        var text = new StringBuilder();
        bool continues = false;
        foreach (string line in lines)
        {
            bool ends = endsWithBlankLine && string.IsNullOrWhiteSpace(line);
            if (!ends)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(line);
            }
            if (text.Length > 0 && (ends || text.Length >= MostCharacters))
            {
                yield return new DocumentText(text.ToString(), continues);
                text.Clear();
                continues = true;
            }
            continues &= !ends;
        }
        if (text.Length > 0)
        {
            yield return new DocumentText(text.ToString(), continues);
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        for (int number = 1; Line(reader, path, number) is { } line; number++)
        {
            yield return line;
        }
    }

    private static string? Line(StreamReader reader, string path, int number)
    {
        try
        {
            string? line = reader.ReadLine();
            return line?.Contains('\0') != true ? line : throw new InvalidDataException($"'{path}' is no text: line {number} holds a null character.");
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"'{path}' is no text in UTF-8: near line {number}, {error.Message}", error);
        }
    }

    private static string Property(string path, string line, int number, string property)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(property, out JsonElement text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw new InvalidDataException($"'{path}', line {number}: expected a JSON object with a text '{property}', found {Shown(line)}.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}', line {number}: expected a JSON object with a text '{property}', found {Shown(line)}: {error.Message}", error);
        }
    }

    private static string Shown(string line) => line.Length > 80 ? $"'{line[..80]}…'" : $"'{line}'";
}
