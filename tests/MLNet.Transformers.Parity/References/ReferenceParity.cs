using System.Text.Json;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks trained models against what the reference computes with them.</summary>
public static class ReferenceParity
{
    /// <summary>Names of the models with a reference.json.</summary>
    public static IEnumerable<string> Find(string shared) => Directory.EnumerateDirectories(Path.Combine(shared, "weights"))
        .Where(folder => File.Exists(Path.Combine(folder, "reference.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<Row> Check(string shared, string name)
    {
        var report = new Report($"weights/{name}");
        report.Guard("reference", () => Check(Path.Combine(shared, "weights", name), report));
        if (report.Rows.Count == 0)
        {
            report.Fail("the reference yields no check");
        }
        return report.Rows;
    }

    private static void Check(string folder, Report report)
    {
        using JsonDocument document = Fields.Open(Path.Combine(folder, "reference.json"));
        string config = Path.Combine(folder, "config.json");
        string type = "";
        if (File.Exists(config))
        {
            using JsonDocument parsed = Fields.Open(config);
            type = parsed.RootElement.Text("model_type") ?? "";
        }
        StoredWeightsParity.Check(folder, document.RootElement, report);
        switch (type)
        {
            case "bert":
                new SentenceEncoderParity(folder, report).Run(document.RootElement);
                break;
            case "bart" or "t5" or "llama" or "":
                report.Skip("this architecture is not supported yet");
                break;
            default:
                report.Fail($"unknown model type '{type}'");
                break;
        }
    }
}
