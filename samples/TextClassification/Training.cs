using Microsoft.ML;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;
using Spectre.Console;

namespace TextClassification;

/// <summary>The pipeline, and the progress bar that goes with its training.</summary>
internal static class Training
{
    public static ITransformer Fit(MLContext ml, IDataView train, Options options)
    {
        Checkpoint checkpoint = options.Checkpoint is { } folder ? Checkpoint.FromFolder(folder) : FromScratch(ml, train, options);
        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("Training");
                var trainer = ml.Transformers().SequenceClassification(checkpoint, new SequenceClassificationOptions
                {
                    PredictedLabelColumnName = "PredictedKey",
                    Epochs = options.Epochs,
                    BatchSize = options.BatchSize,
                    LearningRate = options.LearningRate,
                    MaxTokens = options.MaxTokens,
                    LabelSmoothing = 0.1,
                    Progress = new Reporter(bar),
                });
                var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Message.Intent))
                    .Append(trainer)
                    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel", "PredictedKey"));
                return pipeline.Fit(train);
            });
    }

    // A network small enough to learn from some hundred messages on two cores, with a vocabulary made from them.
    private static Checkpoint FromScratch(MLContext ml, IDataView train, Options options)
    {
        TextEncoder tokenizer = WordPieceTrainer.Train(Messages.Texts(ml, train), size: 5000, minFrequency: 2);
        var config = new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1,
            HiddenSize = 192,
            Layers = 3,
            Heads = 4,
            IntermediateSize = 768,
            HiddenDropout = 0.3,      
            MaxPositions = options.MaxTokens,
        };
        AnsiConsole.MarkupLineInterpolated($"A network of {config.Layers} layers × {config.HiddenSize} from scratch, with a vocabulary of {tokenizer.VocabularySize} pieces.");
        return Checkpoint.FromConfig(config, tokenizer);
    }

    // Called on the training thread, unlike Progress<T>, so that the bar is complete when training is.
    private sealed class Reporter(ProgressTask bar) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            bar.MaxValue = value.Steps;
            bar.Value = value.Step;
            bar.Description = FormattableString.Invariant($"Epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:F3}");
        }
    }
}
