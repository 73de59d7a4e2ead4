using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>A data set of tagged words with the splits and settings for which the reference's results are known.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Train">Reads the training sentences.</param>
/// <param name="Test">Reads the sentences to evaluate.</param>
/// <param name="LearningRate">Peak learning rate.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="Reference">The reference's entity F1 after the last epoch, in percent, one per seed.</param>
internal sealed record EntityDataSet(
    string Name, Func<TransformersCatalog, string, IDataView> Train, Func<TransformersCatalog, string, IDataView> Test, double LearningRate, int Epochs, double[] Reference);

/// <summary>Fine-tunes MiniLM to find entities, with the reference's settings, and prints both F1.</summary>
internal static class EntityFineTuning
{
    private const int EwtTrainRows = 1601;

    private static readonly ConllOptions _universal = new() { WordColumn = 1, TagColumn = 2 };

    public static IReadOnlyList<EntityDataSet> All { get; } =
    [
        new("wnut17", (catalog, data) => Wnut(catalog, data, "wnut17train.conll"), (catalog, data) => Wnut(catalog, data, "emerging.dev.conll"), 1e-4, 5, [56.5, 57.1]),
        new("english-ewt", (catalog, data) => Ewt(catalog, data), (catalog, data) => Ewt(catalog, data), 5e-5, 3, [37.0]),
    ];

    public static void Run(string shared, EntityDataSet data, int[] seeds, Precision precision, int? maxSteps)
    {
        double[] figures = [.. seeds.Select(seed => Run(shared, data, seed, precision, maxSteps))];
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Name}: mean entity F1 {figures.Average():F1} over {seeds.Length} seeds; reference {data.Reference.Average():F1} over {data.Reference.Length}; difference {figures.Average() - data.Reference.Average():+0.0;-0.0}"));
    }

    private static double Run(string shared, EntityDataSet data, int seed, Precision precision, int? maxSteps)
    {
        var ml = new MLContext(seed);
        TransformersCatalog catalog = ml.Transformers();
        string folder = Path.Combine(shared, "data");
        (IDataView train, IDataView test) = (data.Train(catalog, folder), data.Test(catalog, folder));
        if (data.Name == "english-ewt")
        {
            (train, test) = (ml.Data.TakeRows(train, EwtTrainRows), ml.Data.SkipRows(test, EwtTrainRows));
        }
        var options = new TokenClassificationOptions
        {
            Epochs = data.Epochs, MaxSteps = maxSteps, BatchSize = 32, LearningRate = data.LearningRate, MaxTokens = 128, Precision = precision,
        };
        var clock = Stopwatch.StartNew();
        using TokenClassificationTransformer model = catalog.TokenClassification(Path.Combine(shared, "weights", "all-MiniLM-L6-v2"), options).Fit(train);
        double trained = clock.Elapsed.TotalSeconds;
        PrecisionRecall micro = catalog.EvaluateTokenClassification(model.Transform(test)).Micro;
        Console.WriteLine(FormattableString.Invariant(
            $"{data.Name}, seed {seed}, {precision}: precision {micro.Precision * 100:F1}, recall {micro.Recall * 100:F1}, entity F1 {micro.F1 * 100:F1}; trained in {trained:F0} s, evaluated in {clock.Elapsed.TotalSeconds - trained:F1} s"));
        return micro.F1 * 100;
    }

    private static IDataView Wnut(TransformersCatalog catalog, string data, string file) => catalog.LoadConll(Path.Combine(data, "wnut17", file));

    private static IDataView Ewt(TransformersCatalog catalog, string data) =>
        catalog.LoadConll(Path.Combine(data, "uner-english-ewt", "en_ewt-ud-dev.iob2"), _universal);
}
