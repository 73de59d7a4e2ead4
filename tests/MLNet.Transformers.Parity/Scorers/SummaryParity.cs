using System.Text.Json;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks ROUGE, plain and stemmed, against rouge-score.</summary>
internal sealed class SummaryParity(Report report)
{
    private static readonly HashSet<string> _fields = ["versions", "note", "cases", "mean"];
    private static readonly HashSet<string> _caseFields = ["target", "prediction", "plain", "stemmed"];

    public void Run(JsonElement root)
    {
        report.RefuseUnknown(root, "file", _fields);
        JsonElement[] cases = [.. root.Items("cases")];
        foreach ((int i, JsonElement item) in cases.Index())
        {
            report.RefuseUnknown(item, $"case {i + 1}", _caseFields);
            foreach (JsonProperty kind in item.EnumerateObject().Where(field => IsKind(field.Name)))
            {
                foreach (JsonProperty score in kind.Value.EnumerateObject())
                {
                    RougeScore ours = Score(Of([item], kind.Name), score.Name);
                    double[] expected = score.Value.Numbers();
                    report.Within($"case {i + 1} {kind.Name}: {score.Name} precision", Math.Abs(ours.Precision - expected[0]), ScorerFile.Tolerance);
                    report.Within($"case {i + 1} {kind.Name}: {score.Name} recall", Math.Abs(ours.Recall - expected[1]), ScorerFile.Tolerance);
                    report.Within($"case {i + 1} {kind.Name}: {score.Name} F1", Math.Abs(ours.F1 - expected[2]), ScorerFile.Tolerance);
                }
            }
        }
        foreach (JsonProperty kind in root.Properties("mean"))
        {
            Rouge mean = Of(cases, kind.Name);
            foreach (JsonProperty score in kind.Value.EnumerateObject())
            {
                report.Figure($"mean {kind.Name}: {score.Name}", Score(mean, score.Name).F1, score.Value);
            }
        }
    }

    public static RougeScore Score(Rouge rouge, string name) => name switch
    {
        "rouge1" => rouge.Rouge1,
        "rouge2" => rouge.Rouge2,
        "rougeL" => rouge.RougeL,
        "rougeLsum" => rouge.RougeLsum,
        _ => throw new InvalidDataException($"unknown score '{name}'"),
    };

    private static Rouge Of(JsonElement[] cases, string kind) => Rouge.Of(
        [.. cases.Select(item => item.Text("prediction")!)], [.. cases.Select(item => item.GetProperty("target").Texts())], stem: kind == "stemmed");

    private static bool IsKind(string field) => field is "plain" or "stemmed";
}
