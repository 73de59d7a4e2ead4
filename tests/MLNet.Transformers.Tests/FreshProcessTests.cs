using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests;

/// <summary>A pipeline that is trained here and used by a program that does not know of this library.</summary>
public class FreshProcessTests
{
    private sealed class Row
    {
        public string Sentiment { get; set; } = "";

        public string Text { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void Another_process_predicts_the_same_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        string zip = folder.File("model.zip");
        string[] texts = ["great music", "a boring plot", "", "something else entirely"];
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(
            SampleNetworks.Positive.Select(text => new Row { Text = text, Sentiment = "good" })
                .Concat(SampleNetworks.Negative.Select(text => new Row { Text = text, Sentiment = "bad" })));
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Sentiment))
            .Append(ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), new() { Epochs = 5, BatchSize = 4, LearningRate = 1e-2 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        ml.Model.Save(model, data.Schema, zip);
        using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
        string[] here = [.. texts.Select(text => engine.Predict(new Row { Text = text })).Select(Line)];

        Assert.Equal(here, Run([zip, .. texts]));
    }

    private static string Line(Answer answer) =>
        $"{answer.PredictedLabel}\t{string.Join(' ', answer.Score.Select(score => BitConverter.SingleToUInt32Bits(score)))}";

    /// <summary>The lines that the program prints.</summary>
    internal static string[] Run(string[] arguments)
    {
        string program = AppContext.BaseDirectory.Replace("MLNet.Transformers.Tests", "MLNet.Transformers.FreshProcess", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(program, "MLNet.Transformers.FreshProcess.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [ComputeThreads.Keep.Variable] = "1" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
