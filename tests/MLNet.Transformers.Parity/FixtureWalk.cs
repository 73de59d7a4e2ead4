using System.IO.Enumeration;
using System.Text.Json;
using MLNet.Transformers.Parity.Checkpoints;
using MLNet.Transformers.Parity.Models;
using MLNet.Transformers.Parity.Tokenizers;

namespace MLNet.Transformers.Parity;

/// <summary>Finds fixtures in a folder at any depth and checks each with what its kind asks for.</summary>
public static class FixtureWalk
{
    /// <summary>Names of the fixtures, relative to the folder: of a folder with expected.json the folder's, of a file of kind "shapes" the file's.</summary>
    public static IEnumerable<string> Find(string root, string? filter)
    {
        IEnumerable<string> folders = Directory.EnumerateFiles(root, "expected.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, Path.GetDirectoryName(path)!));
        IEnumerable<string> shapes = Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "expected.json" && Kind(path) == "shapes")
            .Select(path => Path.GetRelativePath(root, path));
        return folders.Concat(shapes).Select(name => name.Replace('\\', '/')).Order(StringComparer.Ordinal)
            .Where(name => filter is null || FileSystemName.MatchesSimpleExpression(filter, name, ignoreCase: false));
    }

    /// <summary>Checks one fixture. A fixture that yields no row is a failure.</summary>
    public static IReadOnlyList<Row> Check(string root, string name)
    {
        var report = new Report(name);
        report.Guard("fixture", () => Check(Path.Combine(root, name), report));
        if (report.Rows.Count == 0)
        {
            report.Fail("the fixture yields no check");
        }
        return report.Rows;
    }

    private static void Check(string path, Report report)
    {
        bool isFile = File.Exists(path);
        using JsonDocument document = Fields.Open(isFile ? path : Path.Combine(path, "expected.json"));
        JsonElement expected = document.RootElement;
        switch (expected.Text("kind"))
        {
            case null:
                new ModelParity(path, report).Run(expected);
                break;
            case "shapes":
                new ShapesParity(report).Run(expected);
                break;
            case "tokenizer":
                new TokenizerParity(path, report).Run(expected);
                break;
            case "gguf-blocks":
                new GgufBlocksParity(report).Run(expected);
                break;
            case string kind:
                report.Fail($"unknown kind '{kind}'");
                break;
        }
    }

    // Files that are no JSON are no fixtures: a folder may hold damaged ones on purpose.
    private static string? Kind(string path)
    {
        try
        {
            using JsonDocument document = Fields.Open(path);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Text("kind") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
