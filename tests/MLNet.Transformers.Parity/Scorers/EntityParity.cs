using System.Text.Json;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks figures of entities against seqeval's classification_report, default and strict.</summary>
internal sealed class EntityParity(Report report)
{
    private static readonly HashSet<string> _fields = ["versions", "note", "cases"];
    private static readonly HashSet<string> _caseFields = ["scheme", "noise", "gold", "predicted", "default", "strict", "token_accuracy"];

    public void Run(JsonElement root)
    {
        report.RefuseUnknown(root, "file", _fields);
        int number = 0;
        foreach (JsonElement item in root.Items("cases"))
        {
            string name = $"case {++number} {item.Text("scheme")}";
            report.RefuseUnknown(item, name, _caseFields);
            report.Guard(name, () => Check(name, item));
        }
    }

    private void Check(string name, JsonElement item)
    {
        string[][] gold = item.GetProperty("gold").TextLists(), predicted = item.GetProperty("predicted").TextLists();
        foreach (JsonProperty mode in item.EnumerateObject().Where(field => field.Name is "default" or "strict"))
        {
            TagScheme? scheme = mode.Name == "strict" ? Enum.Parse<TagScheme>(item.Text("scheme")!, ignoreCase: true) : null;
            EntityMetrics metrics = EntityMetrics.Of(gold, predicted, scheme);
            report.SequenceEqual($"{name} {mode.Name}: types", metrics.ByType.Keys, mode.Value.EnumerateObject().Select(row => row.Name).Where(row => !IsMean(row)));
            foreach (JsonProperty row in mode.Value.EnumerateObject())
            {
                PrecisionRecall? ours = row.Name switch
                {
                    "micro avg" => metrics.Micro,
                    "macro avg" => metrics.Macro,
                    "weighted avg" => metrics.Weighted,
                    _ => metrics.ByType.GetValueOrDefault(row.Name),
                };
                report.Figures($"{name} {mode.Name}: {row.Name}", row.Value, ours is null ? new Dictionary<string, double>() : new Dictionary<string, double>
                {
                    ["precision"] = ours.Precision,
                    ["recall"] = ours.Recall,
                    ["f1-score"] = ours.F1,
                    ["support"] = ours.Support,
                });
            }
            if (item.TryGetProperty("token_accuracy", out JsonElement accuracy))
            {
                report.Figure($"{name} {mode.Name}: token accuracy", metrics.TagAccuracy, accuracy);
            }
        }
    }

    private static bool IsMean(string row) => row is "micro avg" or "macro avg" or "weighted avg";
}
