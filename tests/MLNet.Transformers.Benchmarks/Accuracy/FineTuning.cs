using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Fine-tunes MiniLM, or trains from scratch, inside an ML.NET pipeline with the reference's settings, and prints both accuracies.</summary>
internal static class FineTuning
{
    public static void Run(string shared, IReadOnlyList<string> names, int[] seeds, Precision precision, bool verbose)
    {
        foreach (DataSet data in DataSet.All.Where(data => names.Count == 0 || names.Contains(data.Name)))
        {
            double[] accuracies = [.. seeds.Select(seed => Run(shared, data, seed, precision, verbose))];
            Console.WriteLine(FormattableString.Invariant(
                $"{data.Name}: mean accuracy {accuracies.Average():F1} over {seeds.Length} seeds; reference {data.Reference.Average():F1} over {data.Reference.Length}; difference {accuracies.Average() - data.Reference.Average():+0.0;-0.0}"));
        }
    }

    private static double Run(string shared, DataSet data, int seed, Precision precision, bool verbose)
    {
        var ml = new MLContext(seed);
        if (verbose)
        {
            ml.Log += (_, entry) =>
            {
                if (entry.Source.StartsWith("SequenceClassification", StringComparison.Ordinal) && entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info)
                {
                    Console.WriteLine($"  {entry.RawMessage}");
                }
            };
        }
        string folder = Path.Combine(shared, "data");
        IDataView train = ml.Data.LoadFromEnumerable(data.Train(folder));
        IDataView test = ml.Data.LoadFromEnumerable(data.Test(folder));
        bool scratch = data.Name.EndsWith("-scratch", StringComparison.Ordinal);
        Checkpoint miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
        var options = new SequenceClassificationOptions
        {
            TextPairColumnName = data.HasPairs ? nameof(Row.Pair) : null,
            Epochs = scratch ? 8 : 3,
            BatchSize = 32,
            LearningRate = scratch ? 3e-4 : 5e-5,
            MaxTokens = 128,
            Precision = precision,
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Transformers().SequenceClassification(scratch ? Small(miniLm.Tokenizer) : miniLm, options));
        var clock = Stopwatch.StartNew();
        using var model = pipeline.Fit(train);
        double trained = clock.Elapsed.TotalSeconds;
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Name}, seed {seed}, {precision}: accuracy {metrics.MicroAccuracy * 100:F1}, log-loss {metrics.LogLoss:F3}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        return metrics.MicroAccuracy * 100;
    }

    private static Checkpoint Small(TextEncoder tokenizer) => Checkpoint.FromConfig(
        new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 256, Layers = 4, Heads = 4, IntermediateSize = 1024 }, tokenizer);
}
