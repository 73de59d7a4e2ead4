using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>
/// Similarity of patent phrases: MiniLM with a head for a number over both phrases, with the reference's settings; its vectors' cosine untrained; and
/// the cosine trained.
/// </summary>
internal static class PhraseSimilarity
{
    private sealed class Pair
    {
        public string Text { get; set; } = "";

        public string TextPair { get; set; } = "";

        public float Label { get; set; }
    }

    public static IReadOnlyList<AccuracyRun> Runs { get; } =
    [
        new("patent", "Pearson", [71.2], settings => Run("patent", settings, withContext: true, (ml, train) => ml.Transformers().SequenceClassification(
            settings.MiniLm, new()
            {
                TextPairColumnName = nameof(Pair.TextPair), Epochs = 1, BatchSize = 32, LearningRate = 5e-5, MaxTokens = 128, MaxSteps = settings.MaxSteps,
                Precision = settings.Precision,
            }).Fit(train))),
        new("patent-untrained", "Pearson", [55.57], settings => Run("patent-untrained", settings, withContext: false, (ml, train) =>
            ml.Transformers().ApplySentenceSimilarity(settings.MiniLm, new() { Precision = settings.Precision }).Fit(train))),
        new("patent-cosine", "Pearson", [], settings => Run("patent-cosine", settings, withContext: true, (ml, train) => ml.Transformers().SentenceSimilarity(
            settings.MiniLm, new()
            {
                Epochs = 1, BatchSize = 32, LearningRate = 5e-5, MaxTokens = 128, MaxSteps = settings.MaxSteps, Precision = settings.Precision,
            }).Fit(train))),
    ];

    private static double Run(string name, RunSettings settings, bool withContext, Func<MLContext, IDataView, ITransformer> train)
    {
        MLContext ml = AccuracyTable.Context(settings);
        var clock = Stopwatch.StartNew();
        ITransformer model = train(ml, Rows("train"));
        double trained = clock.Elapsed.TotalSeconds;
        CorrelationMetrics validation = Judge("validation"), test = Judge("test");
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {settings.Seed}, {settings.Precision}: validation: Pearson {validation.Pearson * 100:F1}, Spearman {validation.Spearman * 100:F1}; test: Pearson {test.Pearson * 100:F1}, Spearman {test.Spearman * 100:F1}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        (model as IDisposable)?.Dispose();
        return validation.Pearson * 100;

        CorrelationMetrics Judge(string split) => ml.Transformers().EvaluateCorrelation(model.Transform(Rows(split)));

        // "anchor,target,rating,score,context", with a header.
        IDataView Rows(string split) => ml.Data.LoadFromEnumerable(
            File.ReadLines(Path.Combine(settings.Data, "patent-phrase-similarity", $"patent-{split}.csv")).Skip(1).Select(line => line.Split(',')).Select(parts => new Pair
            {
                Text = parts[0], TextPair = withContext ? $"{parts[1]} {parts[4]}" : parts[1], Label = float.Parse(parts[3], CultureInfo.InvariantCulture),
            }));
    }
}
