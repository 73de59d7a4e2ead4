using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Benchmarks.Accuracy;
using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Benchmarks.Memory;

/// <summary>How long a model of BERT-base's size (440 MB) takes to be written to one zip and to be read again.</summary>
internal static class Saving
{
    public static void Run(string shared, DirectoryInfo scratch)
    {
        var ml = new MLContext(1);
        Checkpoint miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
        IDataView rows = ml.Data.LoadFromEnumerable<Row>([new() { Text = "good", Label = "a" }, new() { Text = "bad", Label = "b" }]);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transformers().SequenceClassification(Checkpoint.FromConfig(new BertConfig(), miniLm.Tokenizer), new() { Epochs = 1 })).Fit(rows);
        scratch.Create();
        string path = Path.Combine(scratch.FullName, "model.zip");
        for (int round = 1; round <= 5; round++)
        {
            Time("ML.NET's Model.Save", () => ml.Model.Save(model, rows.Schema, path));
            Time("SaveModel, beside it and renamed", () => ml.Transformers().SaveModel(model, rows.Schema, path));
            Time("Model.Load", () => (ml.Model.Load(path, out _) as IDisposable)?.Dispose());
        }
        Console.WriteLine($"{new FileInfo(path).Length / 1e6:F0} MB");
        File.Delete(path);
    }

    private static void Time(string what, Action run)
    {
        var clock = Stopwatch.StartNew();
        run();
        Console.WriteLine(FormattableString.Invariant($"{what}: {clock.Elapsed.TotalSeconds:F2} s"));
    }
}
