namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>A data set with splits and settings for which the reference's result is known, where there is one.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Measure">What the figure is.</param>
/// <param name="Reference">The reference's figures after the last epoch, in percent, one for each seed; none where it has none.</param>
/// <param name="Train">Trains, evaluates, prints a line, and gives the figure in percent.</param>
internal sealed record AccuracyRun(string Name, string Measure, double[] Reference, Func<RunSettings, double> Train);

/// <summary>What is asked for on the command line, and one of the seeds.</summary>
/// <param name="Shared">The folder of data sets and weights.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Precision">Number format of the network.</param>
/// <param name="MaxSteps">Steps after which training ends, to try; null: as many as the reference takes.</param>
/// <param name="Scratch">Where pretrained networks are kept for the next time, and unfinished ones for going on.</param>
/// <param name="Verbose">Whether what the trainer logs is shown.</param>
internal sealed record RunSettings(string Shared, int Seed, Precision Precision, int? MaxSteps, string Scratch, bool Verbose)
{
    public string Data => Path.Combine(Shared, "data");

    public string MiniLm => Path.Combine(Shared, "weights", "all-MiniLM-L6-v2");
}
