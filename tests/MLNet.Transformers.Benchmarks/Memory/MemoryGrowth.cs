using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Benchmarks.Accuracy;
using MLNet.Transformers.Models.Bert;
using TorchSharp;

namespace MLNet.Transformers.Benchmarks.Memory;

/// <summary>Private memory and living tensors over epochs of training and over single predictions.</summary>
internal static class MemoryGrowth
{
    public static void Run(string shared, int epochs, int predictions)
    {
        var ml = new MLContext(1);
        Row[] rows = DataSet.All.Single(data => data.Name == "trec").Train(Path.Combine(shared, "data"))[..1000];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        Checkpoint miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
        var config = new BertConfig { VocabularySize = miniLm.Config.VocabularySize, HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 512 };
        var options = new SequenceClassificationOptions { Epochs = epochs, MaxTokens = 64, Progress = new EpochReporter() };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transformers().SequenceClassification(Checkpoint.FromConfig(config, miniLm.Tokenizer), options)).Fit(data);
        using var engine = ml.Model.CreatePredictionEngine<Row, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        for (int i = 1; i <= predictions; i++)
        {
            engine.Predict(rows[i % rows.Length]);
            if (i % (predictions / 10) == 0)
            {
                Print($"prediction {i}");
            }
        }
    }

    private static void Print(string when)
    {
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"{when}: private {process.PrivateMemorySize64 / 1e6:F0} MB, resident {process.WorkingSet64 / 1e6:F0} MB, {torch.Tensor.TotalCount} tensors");
    }

    private sealed class EpochReporter : IProgress<TrainingProgress>
    {
        private int _epoch = 1;

        public void Report(TrainingProgress value)
        {
            if (value.Epoch > _epoch || value.Step == value.Steps)
            {
                Print($"epoch {_epoch}");
                _epoch = value.Epoch;
            }
        }
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
