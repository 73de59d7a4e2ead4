namespace MLNet.Transformers.Samples;

/// <summary>What the user asked a sample for.</summary>
public sealed record SampleOptions
{
    /// <summary>The file with training rows.</summary>
    public required string Data { get; init; }

    /// <summary>The file with rows to evaluate on.</summary>
    public required string Test { get; init; }

    /// <summary>What is to be fine-tuned; null: a small network from scratch.</summary>
    public Checkpoint? Checkpoint { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double LearningRate { get; init; }

    /// <summary>Longer texts are cut.</summary>
    public required int MaxTokens { get; init; }

    public required int Seed { get; init; }

    /// <summary>Where the trained model is saved.</summary>
    public string Model { get; init; } = "";

    /// <summary>What to predict at the end, from the command line.</summary>
    public required IReadOnlyList<string> Texts { get; init; }
}
