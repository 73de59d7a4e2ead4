namespace MLNet.Transformers;

/// <summary>How far training is, after a step of the optimizer.</summary>
/// <param name="Epoch">Current epoch, from 1.</param>
/// <param name="Epochs">Number of epochs, where <see cref="TrainingOptions.MaxSteps"/> does not decide when training ends.</param>
/// <param name="Step">Steps done in all epochs.</param>
/// <param name="Steps">Steps of all epochs.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ExamplesPerSecond">Rows a second since training began or continued.</param>
/// <param name="Remaining">Estimated time until the end of the last epoch.</param>
/// <param name="Validation">Metrics on the validation rows, by name; null between the ends of epochs or without validation rows.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double Loss,
    double LearningRate,
    double ExamplesPerSecond,
    TimeSpan Remaining,
    IReadOnlyDictionary<string, double>? Validation)
{
    /// <summary>Tokens a second since training began or continued, without padding.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Share of the time in which the network waited for what it is to learn from, 0 to 1.</summary>
    public double WaitingShare { get; init; }
}
