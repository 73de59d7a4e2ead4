using System.Text.Json;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Finds the expectations for real vocabularies and checks each.</summary>
public static class VocabularyWalk
{
    /// <summary>Names of the files of a known kind.</summary>
    public static IEnumerable<string> Find(string expected) => Directory.EnumerateFiles(expected, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<Row> Check(string expected, string shared, string name)
    {
        var report = new Report(name);
        report.Guard("vocabulary", () =>
        {
            using JsonDocument document = Fields.Open(Path.Combine(expected, name));
            if (document.RootElement.Text("kind") == "glm-inputs")
            {
                new GlmInputsParity(document.RootElement, shared, report).Run();
            }
            else if (document.RootElement.Text("kind") == "vocabulary")
            {
                new VocabularyParity(document.RootElement, shared, Path.Combine(expected, "corpus"), report).Run();
            }
            else
            {
                report.Fail($"unknown kind '{document.RootElement.Text("kind")}'");
            }
        });
        if (report.Rows.Count == 0)
        {
            report.Fail("the file yields no check");
        }
        return report.Rows;
    }
}
