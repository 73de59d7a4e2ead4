namespace MLNet.Transformers.Training;

/// <summary>Where training stands: all that, with the weights and the optimizer's moments, is needed to go on.</summary>
internal sealed record TrainingPosition
{
    /// <summary>Epochs completed, validation included.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps completed in the current epoch.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>Steps completed in all epochs.</summary>
    public required int Step { get; set; }

    /// <summary>The loss of the current epoch.</summary>
    public MeanLoss Loss { get; set; } = new();

    public double? BestScore { get; set; }

    /// <summary>The validation loss of the best epoch; null where none is measured.</summary>
    public double? BestLoss { get; set; }

    public int BestEpoch { get; set; }

    public int BestStep { get; set; }

    /// <summary>The last step after which the network was judged.</summary>
    public int JudgedStep { get; set; }

    /// <summary>Whether training came to its end.</summary>
    public bool IsOver { get; set; }

    /// <summary>How often it was judged since, and was no better.</summary>
    public int TimesWithoutGain { get; set; }
}
