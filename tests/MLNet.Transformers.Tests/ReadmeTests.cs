using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Runtime;

namespace MLNet.Transformers.Tests;

/// <summary>The code of the README is compiled here, compared with what the README says, and run.</summary>
[Collection(Alone.Name)]
public class ReadmeTests
{
    private sealed class Review
    {
        [LoadColumn(0)]
        public string Sentiment { get; set; } = "";

        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void The_code_of_the_README_is_the_code_that_is_run_here()
    {
        string source = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "README.md"));

        string[] run = [.. Between(source, "#region " + "readme", "#endregion").Select(line => line.Length > 8 ? line[8..] : line.Trim())];
        string[] shown = [.. Between(readme, "```csharp", "```").Where(line => !line.StartsWith("using M", StringComparison.Ordinal))];

        Assert.Equal(run, shown.SkipWhile(line => line.Length == 0));
    }

    [Fact]
    public void The_code_of_the_README_runs()
    {
        using var folder = new TemporaryFolder();
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        WriteData(folder);
        try
        {
            Directory.SetCurrentDirectory(folder.Folder);
            Console.SetOut(output);
            Run();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(double.Parse(lines.Single(line => double.TryParse(line, out _)), System.Globalization.CultureInfo.CurrentCulture), 0, 1);
        Assert.Contains(lines[^1].Trim(), new[] { "good", "bad" });
        Assert.Contains(lines, line => line.StartsWith("Training on", StringComparison.Ordinal));
        Assert.Contains("sentiment.zip", folder.Names);
    }

    private static void Run()
    {
        #region readme
        var ml = new MLContext(seed: 1);
        ml.Log += (_, entry) => { if (entry.Source.Contains("MLNet.Transformers")) Console.WriteLine(entry.RawMessage); };
        var data = ml.Data.TrainTestSplit(ml.Data.LoadFromTextFile<Review>("reviews.tsv", hasHeader: true));

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Sentiment")
            .Append(ml.Transformers().SequenceClassification("models/bert-base-uncased", new() { Epochs = 3 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(data.TrainSet);
        Console.WriteLine(ml.MulticlassClassification.Evaluate(model.Transform(data.TestSet)).MicroAccuracy);
        ml.Transformers().SaveModel(model, data.TrainSet.Schema, "sentiment.zip");

        var loaded = ml.Transformers().LoadModel("sentiment.zip", out var schema);
        using var engine = ml.Model.CreatePredictionEngine<Review, Prediction>(loaded, schema);
        Console.WriteLine(engine.Predict(new Review { Text = "What a film!" }).PredictedLabel);
        #endregion
    }

    // Reviews, and a checkpoint folder that a first training has written.
    private static void WriteData(TemporaryFolder folder)
    {
        string[] good = [.. Enumerable.Repeat(SampleNetworks.Positive, 4).SelectMany(texts => texts).Select(text => $"good\t{text}")];
        string[] bad = [.. Enumerable.Repeat(SampleNetworks.Negative, 4).SelectMany(texts => texts).Select(text => $"bad\t{text}")];
        folder.Write("reviews.tsv", "Sentiment\tText\n" + string.Concat(good.Concat(bad).Select(line => line + "\n")));
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromTextFile<Review>(folder.File("reviews.tsv"), hasHeader: true);
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Review.Sentiment)).Fit(data).Transform(data);
        using SequenceClassificationTransformer first =
            ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), new() { Epochs = 1 }).Fit(keyed);
        first.SaveCheckpoint(Path.Combine(folder.Folder, "models", "bert-base-uncased"));
    }

    private static IEnumerable<string> Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal);
        int line = text.IndexOf('\n', from) + 1;
        int to = text.IndexOf(end, line, StringComparison.Ordinal);
        return text[line..to].TrimEnd().Split('\n').Select(part => part.TrimEnd());
    }
}
