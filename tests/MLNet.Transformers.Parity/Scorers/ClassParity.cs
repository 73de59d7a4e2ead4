using System.Text.Json;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks figures of classes, of several labels a row and of numbers against scikit-learn and SciPy.</summary>
internal sealed class ClassParity(Report report)
{
    private static readonly HashSet<string> _fields = ["versions", "note", "single", "multilabel", "correlation"];

    private static readonly HashSet<string> _singleFields =
        ["labels", "gold", "predicted", "accuracy", "matthews", "kappa", "per_class", "micro", "macro", "weighted", "confusion"];

    private static readonly HashSet<string> _inputs = ["gold", "scores", "threshold", "x", "y"];

    public void Run(JsonElement root)
    {
        report.RefuseUnknown(root, "file", _fields);
        Each("single", Single);
        Each("multilabel", MultiLabel);
        Each("correlation", Correlation);

        void Each(string list, Action<string, JsonElement> check)
        {
            foreach ((int i, JsonElement item) in root.Items(list).Index())
            {
                report.Guard($"{list} {i + 1}", () => check($"{list} {i + 1}", item));
            }
        }
    }

    private void Single(string name, JsonElement item)
    {
        report.RefuseUnknown(item, name, _singleFields);
        string[] gold = Classes("gold"), predicted = Classes("predicted");
        string[] classes = [.. Enumerable.Range(0, item.GetProperty("labels").GetInt32()).Select(number => $"{number}")];
        if (item.TryGetProperty("confusion", out JsonElement table) && table.GetArrayLength() != classes.Length)
        {
            // Only classes that occur have a row.
            classes = [.. classes.Where(one => gold.Contains(one) || predicted.Contains(one))];
        }
        ClassificationReport ours = ClassificationReport.Of(gold, predicted, classes);
        Dictionary<string, double> figures = new() { ["accuracy"] = ours.Accuracy, ["matthews"] = ours.Matthews, ["kappa"] = ours.Kappa };
        foreach (JsonProperty figure in item.EnumerateObject().Where(field => figures.ContainsKey(field.Name)))
        {
            report.Figure($"{name}: {figure.Name}", figures[figure.Name], figure.Value);
        }
        foreach ((string mean, PrecisionRecall value) in ((string, PrecisionRecall)[])[("micro", ours.Micro), ("macro", ours.Macro), ("weighted", ours.Weighted)])
        {
            if (item.TryGetProperty(mean, out JsonElement expected))
            {
                report.Figures($"{name} {mean}", expected, Figures(value));
            }
        }
        foreach (JsonProperty figure in item.Properties("per_class"))
        {
            foreach ((int i, JsonElement expected) in figure.Value.EnumerateArray().Index())
            {
                report.Figure($"{name} class {classes[i]}: {figure.Name}", Figures(ours.ByClass[classes[i]])[figure.Name], expected);
            }
        }
        foreach ((int i, JsonElement row) in item.Items("confusion").Index())
        {
            report.SequenceEqual($"{name}: confusion of class {classes[i]}", ours.Confusion[i].Select(count => (int)count), row.Ints());
        }

        string[] Classes(string field) => [.. item.GetProperty(field).EnumerateArray().Select(label => label.ToString())];
    }

    private void MultiLabel(string name, JsonElement item)
    {
        bool[][] gold = [.. item.GetProperty("gold").EnumerateArray().Select(row => row.EnumerateArray().Select(IsTrue).ToArray())];
        float[][] scores = [.. item.GetProperty("scores").EnumerateArray().Select(row => Array.ConvertAll(row.Numbers(), score => (float)score))];
        MultiLabelMetrics ours = MultiLabelMetrics.Of(gold, scores, item.TryGetProperty("threshold", out JsonElement threshold) ? threshold.Number() : 0.5);
        Others(name, item, new()
        {
            ["subset_accuracy"] = ours.SubsetAccuracy,
            ["hamming"] = ours.HammingLoss,
            ["micro_f1"] = ours.Micro.F1,
            ["macro_f1"] = ours.Macro.F1,
            ["samples_f1"] = ours.SamplesF1,
            ["weighted_f1"] = ours.Weighted.F1,
            ["macro_auc"] = ours.MacroAuc,
            ["macro_ap"] = ours.MacroAveragePrecision,
        });
    }

    private void Correlation(string name, JsonElement item)
    {
        CorrelationMetrics ours = CorrelationMetrics.Of(item.GetProperty("x").Numbers(), item.GetProperty("y").Numbers());
        Others(name, item, new() { ["pearson"] = ours.Pearson, ["spearman"] = ours.Spearman, ["kendall"] = ours.Kendall });
    }

    private void Others(string name, JsonElement item, Dictionary<string, double> ours)
    {
        foreach (JsonProperty figure in item.EnumerateObject().Where(field => !_inputs.Contains(field.Name)))
        {
            if (ours.TryGetValue(figure.Name, out double value))
            {
                report.Figure($"{name}: {figure.Name}", value, figure.Value);
            }
            else
            {
                report.Fail($"{name}: unknown figure '{figure.Name}'");
            }
        }
    }

    private static Dictionary<string, double> Figures(PrecisionRecall ours) =>
        new() { ["precision"] = ours.Precision, ["recall"] = ours.Recall, ["f1"] = ours.F1, ["support"] = ours.Support };

    private static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetDouble() != 0);
}
