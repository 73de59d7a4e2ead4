using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

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
        bool scratch = data.Name.EndsWith("-scratch", StringComparison.Ordinal);
        Checkpoint miniLm = settings.MiniLm;
        var options = new SequenceClassificationOptions
        {
            TextPairColumnName = data.HasPairs ? nameof(Row.Pair) : null,
            Epochs = scratch ? 8 : 3,
            BatchSize = 32,
            LearningRate = scratch ? 3e-4 : 5e-5,
            MaxTokens = 128,
            MaxSteps = settings.MaxSteps,
            Precision = settings.Precision,
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Transformers().SequenceClassification(scratch ? Small(miniLm.Tokenizer) : miniLm, options));
        var clock = Stopwatch.StartNew();
        using var model = pipeline.Fit(train);
        double trained = clock.Elapsed.TotalSeconds;
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Name}, seed {settings.Seed}, {settings.Precision}: accuracy {metrics.MicroAccuracy * 100:F1}, log-loss {metrics.LogLoss:F3}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        return metrics.MicroAccuracy * 100;
    }

    private static Checkpoint Small(TextEncoder tokenizer) => Checkpoint.FromConfig(
        new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 256, Layers = 4, Heads = 4, IntermediateSize = 1024 }, tokenizer);
}
