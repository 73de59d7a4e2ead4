using Spectre.Console;

namespace MLNet.Transformers.Samples;

/// <summary>A progress bar on the console while a pipeline is trained.</summary>
public static class TrainingBar
{
    /// <summary>Runs a training that reports to the bar: the options of each trainer have a property Progress.</summary>
    public static T Show<T>(Func<IProgress<TrainingProgress>, T> training) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(context => training(new Reporter(context.AddTask("Training"))));

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
