namespace MLNet.Transformers.Samples;

/// <summary>What a sample says about itself, and what it takes where the user says nothing.</summary>
public sealed record SampleDefaults
{
    /// <summary>One sentence for --help.</summary>
    public required string Description { get; init; }

    /// <summary>The form of --data and --test, for --help: "a tab-separated file with …".</summary>
    public required string Form { get; init; }

    /// <summary>Training rows, a file in the folder data beside the program.</summary>
    public required string Data { get; init; }

    /// <summary>Rows to evaluate on, a file in the folder data beside the program.</summary>
    public required string Test { get; init; }

    /// <summary>Where the model is saved; null: the sample says it itself, and has no --model.</summary>
    public string? Model { get; init; }

    /// <summary>What the texts on the command line are, for --help.</summary>
    public string Texts { get; init; } = "Texts to predict at the end. Without any, the program asks for them.";

    /// <summary>Of a network from scratch.</summary>
    public required TrainingStart Fresh { get; init; }

    /// <summary>Of the small pretrained network that training begins with where nothing else is asked for; null: it begins from scratch.</summary>
    public TrainingStart? Warm { get; init; }

    public int BatchSize { get; init; } = 16;

    public required int MaxTokens { get; init; }
}

/// <summary>How training begins, and what suits that.</summary>
/// <param name="Epochs">How often each row is seen.</param>
/// <param name="LearningRate">The highest.</param>
public sealed record TrainingStart(int Epochs, double LearningRate)
{
    /// <summary>A checkpoint folder; null: fresh weights.</summary>
    public string? Network { get; init; }
}
