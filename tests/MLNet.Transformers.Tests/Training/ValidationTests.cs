using Microsoft.ML;
using MLNet.Transformers.Tests.SequenceClassification;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.Training;

public class ValidationTests
{
    [Fact]
    public void The_best_epochs_weights_are_kept_and_training_stops_without_gain()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        var seen = new List<TrainingProgress>();
        SequenceClassificationOptions options = Options(30);
        options.ValidationSet = Keyed(ml);
        options.Patience = 2;
        options.Progress = new Watcher(seen.Add);

        using SequenceClassificationTransformer model = Train(ml, options);

        Assert.Contains(log, line => line.StartsWith("Early stop", StringComparison.Ordinal));
        double best = seen.Where(progress => progress.Validation is not null).Max(progress => progress.Validation!["Accuracy"]);
        Assert.Equal(best, ml.MulticlassClassification.Evaluate(model.Transform(Keyed(ml))).MicroAccuracy, 1e-9);
        Assert.True(seen[^1].Epoch < 30);
    }

    [Theory]
    [InlineData("Label", "ValidationSet: Could not find label column 'Label'")]
    [InlineData("Text", "ValidationSet: Could not find text column 'Text'")]
    public void A_column_that_the_validation_set_lacks_is_said_of_it(string column, string expected)
    {
        var ml = new MLContext(3);
        SequenceClassificationOptions options = Reviews.Options(1);
        IDataView keyed = Reviews.Keyed(ml);
        options.ValidationSet = ml.Transforms.DropColumns(column).Fit(keyed).Transform(keyed);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Reviews.Train(ml, options));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("ValidationSet", error.ParamName);
    }

    [Fact]
    public void What_was_cut_of_the_training_rows_is_not_said_of_the_validation_set()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        SequenceClassificationOptions options = Options(1);
        Review[] longer = [.. Rows.Select((row, i) => new Review { Sentiment = row.Sentiment, Text = i == 0 ? string.Join(' ', Enumerable.Repeat(row.Text, 9)) : row.Text })];
        options.ValidationSet = Keyed(ml, Rows[..4]);

        using SequenceClassificationTransformer model = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Keyed(ml, longer));

        Assert.Equal(["1 of 10 rows were longer than 16 tokens and were cut."], log.Where(line => line.Contains("were cut", StringComparison.Ordinal)));
    }

    [Fact]
    public void Held_out_rows_are_not_trained_on()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        SequenceClassificationOptions options = Options(1);
        options.ValidationShare = 0.2;

        using SequenceClassificationTransformer model = Train(ml, options);

        Assert.Contains(log, line => line.StartsWith("Training on 8 rows, validating on 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Progress_counts_steps()
    {
        var ml = new MLContext(1);
        var seen = new List<TrainingProgress>();
        SequenceClassificationOptions options = Options(2);
        options.Progress = new Watcher(seen.Add);

        using SequenceClassificationTransformer model = Train(ml, options);

        Assert.Equal([1, 2, 3, 4], seen.Select(progress => progress.Step));
        Assert.All(seen, progress => Assert.Equal(4, progress.Steps));
        Assert.Equal([1, 1, 2, 2], seen.Select(progress => progress.Epoch));
        Assert.Equal(TimeSpan.Zero, seen[^1].Remaining);
        Assert.All(seen, progress => Assert.True(double.IsFinite(progress.Loss) && progress.ExamplesPerSecond > 0));
    }

    [Fact]
    public void A_validation_reports_the_learning_rate_of_the_step_before_it()
    {
        var ml = new MLContext(1);
        var seen = new List<TrainingProgress>();
        SequenceClassificationOptions options = Options(2);
        options.ValidationSet = Keyed(ml);
        options.Schedule = LearningRateSchedule.Constant;
        options.Progress = new Watcher(seen.Add);

        using SequenceClassificationTransformer model = Train(ml, options);

        Assert.Equal(2, seen.Count(progress => progress.Validation is not null));
        Assert.All(seen, progress => Assert.Equal(options.LearningRate, progress.LearningRate));
    }

    [Fact]
    public void Frozen_stages_keep_their_weights()
    {
        using var before = new Checkpoints.TemporaryFolder();
        using var after = new Checkpoints.TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer first = Train(ml, Options(1));
        first.SaveCheckpoint(before.Folder);
        SequenceClassificationOptions options = Options(2);
        options.FrozenStages = 1;
        using SequenceClassificationTransformer second = ml.Transformers().SequenceClassification(before.Folder, options).Fit(Keyed(ml));
        second.SaveCheckpoint(after.Folder);

        Assert.Equal(Read(before, "bert.embeddings.word_embeddings.weight"), Read(after, "bert.embeddings.word_embeddings.weight"));
        Assert.NotEqual(Read(before, "bert.encoder.layer.0.output.dense.weight"), Read(after, "bert.encoder.layer.0.output.dense.weight"));
    }

    private static float[] Read(Checkpoints.TemporaryFolder folder, string name)
    {
        using var file = MLNet.Transformers.Models.Checkpoints.Safetensors.SafetensorsFile.Open(folder.File("model.safetensors"));
        using TorchSharp.torch.Tensor tensor = TorchSharp.torch.empty(file[name].Shape);
        file.CopyTo(name, tensor);
        return tensor.data<float>().ToArray();
    }
}
