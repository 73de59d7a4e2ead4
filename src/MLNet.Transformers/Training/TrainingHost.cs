namespace MLNet.Transformers.Training;

/// <summary>What the training loop needs of the ML.NET host.</summary>
/// <param name="Log">Writes a line to <c>MLContext.Log</c>.</param>
/// <param name="CheckAlive">Throws where the context, or the options' token, was cancelled.</param>
internal readonly record struct TrainingHost(Action<string> Log, Action CheckAlive);
