namespace MLNet.Transformers.Training;

/// <summary>One of the trainings that a <c>Fit</c> consists of, one after the other on the same network and rows: nearly always there is one.</summary>
/// <param name="Options">How it learns.</param>
/// <param name="Learns">Beginnings of the names of the parameters that learn, the others are frozen; null: all but those of <see cref="TrainingOptions.FrozenStages"/>.</param>
internal sealed record TrainingStage(TrainingOptions Options, IReadOnlyList<string>? Learns = null);
