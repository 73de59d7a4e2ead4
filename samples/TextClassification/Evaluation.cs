using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace TextClassification;

/// <summary>ML.NET's own metrics and its confusion table.</summary>
internal static class Evaluation
{
    public static void Show(MLContext ml, IDataView predictions)
    {
        // The evaluator compares keys; PredictedLabel holds the same classes as texts, for people.
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(predictions, predictedLabelColumnName: "PredictedKey");
        AnsiConsole.MarkupLineInterpolated(
            $"Accuracy [green]{metrics.MicroAccuracy:P1}[/], mean over the classes {metrics.MacroAccuracy:P1}, log-loss {metrics.LogLoss:F3}");
        // Not through Spectre, which would wrap the table at the width of a narrow terminal.
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }
}
