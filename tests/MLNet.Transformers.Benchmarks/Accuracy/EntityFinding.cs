using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Fine-tunes MiniLM to find entities, with the reference's settings, and prints both F1 (seqeval's default).</summary>
internal static class EntityFinding
{
    // The training part of English-EWT is the first part of its one file.
    private const int EwtTrainRows = 1601;

    public static IEnumerable<AccuracyRun> Runs =>
    [
        new("wnut17", "entity F1", [56.5, 57.1], settings => Run("wnut17", Wnut, settings, learningRate: 1e-4, epochs: 5)),
        new("english-ewt", "entity F1", [37.0], settings => Run("english-ewt", Ewt, settings, learningRate: 5e-5, epochs: 3)),
    ];

    private static double Run(
        string name, Func<MLContext, string, (IDataView Train, IDataView Test)> read, RunSettings settings, double learningRate, int epochs)
    {
        MLContext ml = AccuracyTable.Context(settings);
        (IDataView train, IDataView test) = read(ml, settings.Data);
        var options = new TokenClassificationOptions
        {
            Epochs = epochs, BatchSize = 32, LearningRate = learningRate, MaxTokens = 128, MaxSteps = settings.MaxSteps, Precision = settings.Precision,
        };
        var clock = Stopwatch.StartNew();
        using TokenClassificationTransformer model = ml.Transformers().TokenClassification(settings.MiniLm, options).Fit(train);
        double trained = clock.Elapsed.TotalSeconds;
        PrecisionRecall found = ml.Transformers().EvaluateTokenClassification(model.Transform(test)).Micro;
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {settings.Seed}, {settings.Precision}: precision {found.Precision * 100:F1}, recall {found.Recall * 100:F1}, entity F1 {found.F1 * 100:F1}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        return found.F1 * 100;
    }

    private static (IDataView, IDataView) Wnut(MLContext ml, string data)
    {
        IDataView Load(string file) => ml.Transformers().LoadConll(Path.Combine(data, "wnut17", file));
        return (Load("wnut17train.conll"), Load("emerging.dev.conll"));
    }

    private static (IDataView, IDataView) Ewt(MLContext ml, string data)
    {
        IDataView all = ml.Transformers().LoadConll(
            Path.Combine(data, "uner-english-ewt", "en_ewt-ud-dev.iob2"), new() { WordColumn = 1, TagColumn = 2 });
        return (ml.Data.TakeRows(all, EwtTrainRows), ml.Data.SkipRows(all, EwtTrainRows));
    }
}
