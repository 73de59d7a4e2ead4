using System.Text.Json;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Finds files with inputs and figures of reference scorers in a folder, at any depth, by what they hold, and checks each.</summary>
public static class ScorerWalk
{
    private static readonly (Func<JsonElement, bool> Is, Action<JsonElement, string, Report> Run)[] _kinds =
    [
        (root => HasCases(root, "scheme", "gold", "predicted"), (root, _, report) => new EntityParity(report).Run(root)),
        (root => HasCases(root, "tokens", "scores", "entities"), (root, _, report) => new AggregationParity(report).Run(root)),
        (root => HasCases(root, "hypotheses", "references"), (root, _, report) => new TranslationScoreParity(report).Run(root)),
        (root => HasCases(root, "target", "prediction"), (root, _, report) => new SummaryParity(report).Run(root)),
        (root => HasFirst(root, "questions", "gold", "predicted"), (root, _, report) => new AnswerParity(report).Run(root)),
        (root => new[] { "single", "multilabel", "correlation" }.Any(name => HasFirst(root, name)), (root, _, report) => new ClassParity(report).Run(root)),
        (root => Has(root, "rouge1") && Has(root, "rouge2"), (root, path, report) => new RougeFixtureParity(path, report).Run(root)),
        (root => First(root) is { } first && Has(first, "hyp", "ref", "scores"), (_, _, report) => RougeFixtureParity.SayOther(report)),
        (SquadToolsParity.IsPredictions, (root, path, report) => new SquadToolsParity(path, report).Run(root)),
        (IsOfScorer, (_, _, report) => report.Skip("no check knows what this file holds")),
    ];

    /// <summary>Names of the files, relative to the folder.</summary>
    public static IEnumerable<string> Find(string root) => Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
        .Where(path => Kind(path) is not null).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static IReadOnlyList<Row> Check(string root, string name)
    {
        string path = Path.Combine(root, name);
        var report = new Report(name);
        report.Guard("file", () =>
        {
            using JsonDocument document = ScorerFile.Open(path);
            Kind(path)!(document.RootElement, path, report);
        });
        if (report.Rows.Count == 0)
        {
            report.Fail("the file yields no check");
        }
        return report.Rows;
    }

    // Files that are no JSON are none of a scorer.
    private static Action<JsonElement, string, Report>? Kind(string path)
    {
        try
        {
            using JsonDocument document = ScorerFile.Open(path);
            return _kinds.FirstOrDefault(kind => kind.Is(document.RootElement)).Run;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasCases(JsonElement root, params string[] fields) => HasFirst(root, "cases", fields);

    private static bool HasFirst(JsonElement root, string list, params string[] fields) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(list, out JsonElement items) && First(items) is { } first && Has(first, fields);

    private static JsonElement? First(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : null;

    private static bool Has(JsonElement element, params string[] fields) =>
        element.ValueKind == JsonValueKind.Object && fields.All(field => element.TryGetProperty(field, out _));

    private static bool IsOfScorer(JsonElement root) => Has(root, "versions", "cases");
}
