using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Fine-tunes MiniLM, or trains from scratch, inside an ML.NET pipeline with the reference's settings, and prints both accuracies.</summary>
internal static class FineTuning
{
    public static IEnumerable<AccuracyRun> Runs => DataSet.All.Select(data => new AccuracyRun(data.Name, "accuracy", data.Reference, settings => Run(data, settings)));

    private static double Run(DataSet data, RunSettings settings)
    {
        MLContext ml = AccuracyTable.Context(settings);
        IDataView train = ml.Data.LoadFromEnumerable(data.Train(settings.Data));
        IDataView test = ml.Data.LoadFromEnumerable(data.Test(settings.Data));
        Checkpoint network = data.Network(settings);
        var options = new SequenceClassificationOptions
        {
            TextPairColumnName = data.HasPairs ? nameof(Row.Pair) : null,
            Epochs = data.Epochs,
            BatchSize = 32,
            LearningRate = data.LearningRate,
            MaxTokens = data.MaxTokens,
            MaxSteps = settings.MaxSteps,
            Precision = settings.Precision,
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Transformers().SequenceClassification(network, options));
        var clock = Stopwatch.StartNew();
        using var model = pipeline.Fit(train);
        double trained = clock.Elapsed.TotalSeconds;
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Name}, seed {settings.Seed}, {settings.Precision}: accuracy {metrics.MicroAccuracy * 100:F1}, log-loss {metrics.LogLoss:F3}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        return metrics.MicroAccuracy * 100;
    }
}
