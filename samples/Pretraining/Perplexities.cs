using System.Globalization;
using MLNet.Transformers;
using Spectre.Console;

namespace Pretraining;

/// <summary>A line for each time that the held-out texts judge.</summary>
internal sealed class Perplexities : IProgress<TrainingProgress>
{
    // Called on the training thread, unlike Progress<T>, so that all lines stand before what follows training.
    public void Report(TrainingProgress value)
    {
        if (value.Validation is { } metrics)
        {
            AnsiConsole.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"  step {value.Step} of {value.Steps}: held-out perplexity [green]{metrics["Perplexity"]:F1}[/], {value.TokensPerSecond:F0} tokens/s");
        }
    }
}
