using System.Text.Json;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks trained models against what the reference computes with them.</summary>
public static class ReferenceParity
{
    private const string Converted = "hf-converted";

    /// <summary>Names of the models with a reference.json.</summary>
    public static IEnumerable<string> Find(string shared) => Directory.EnumerateDirectories(Path.Combine(shared, "weights"))
        .Where(folder => File.Exists(Path.Combine(folder, "reference.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<Row> Check(string shared, string name)
    {
        var report = new Report($"weights/{name}");
        report.Guard("reference", () => Check(shared, Path.Combine(shared, "weights", name), report));
        if (report.Rows.Count == 0)
        {
            report.Fail("the reference yields no check");
        }
        return report.Rows;
    }

    private static void Check(string shared, string folder, Report report)
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
            case "llama":
                new ChatModelParity(folder, shared, report).Run(document.RootElement);
                break;
            case "" when Directory.Exists(Path.Combine(folder, Converted)):
                new StoryWriterParity(Path.Combine(folder, Converted), report).Run(document.RootElement);
                break;
            case "bart" or "t5":
                new TranslationParity(folder, shared, report).Run(document.RootElement);
                break;
            default:
                report.Fail($"unknown model type '{type}'");
                break;
        }
    }
}
