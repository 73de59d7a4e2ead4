namespace MLNet.Transformers.Tests.Training;

/// <summary>Is told of each step where it is taken, not later on another thread.</summary>
internal sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => watch(value);
}
