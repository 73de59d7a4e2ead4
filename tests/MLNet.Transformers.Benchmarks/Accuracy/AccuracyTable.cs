using Microsoft.ML;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Trains with the reference's settings and prints both figures.</summary>
internal static class AccuracyTable
{
    public static IReadOnlyList<AccuracyRun> Runs { get; } = [.. FineTuning.Runs, .. PhraseSimilarity.Runs, .. EntityFinding.Runs, .. AnswerFinding.Runs, .. WritingTasks.Runs];

    public static void Run(RunSettings settings, IReadOnlyList<string> names, int[] seeds)
    {
        if (names.FirstOrDefault(name => Runs.All(run => run.Name != name)) is { } unknown)
        {
            throw new ArgumentException($"There is no data set '{unknown}'; there are {string.Join(", ", Runs.Select(run => run.Name))}.");
        }
        foreach (AccuracyRun run in Runs.Where(run => names.Count == 0 || names.Contains(run.Name)))
        {
            double mean = seeds.Average(seed => run.Train(settings with { Seed = seed }));
            string reference = run.Reference.Length == 0 ? "the reference has no figure" : FormattableString.Invariant(
                $"reference {run.Reference.Average():F1} over {run.Reference.Length}; difference {mean - run.Reference.Average():+0.0;-0.0;0.0}");
            Console.WriteLine(FormattableString.Invariant($"{run.Name}: mean {run.Measure} {mean:F1} over {seeds.Length} seeds; {reference}"));
        }
    }

    /// <summary>A context whose log is shown where that is asked for.</summary>
    public static MLContext Context(RunSettings settings)
    {
        var ml = new MLContext(settings.Seed);
        if (settings.Verbose)
        {
            ml.Log += (_, entry) =>
            {
                if (entry.Source.Contains("MLNet.Transformers", StringComparison.Ordinal) && entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info)
                {
                    Console.WriteLine($"  {entry.RawMessage}");
                }
            };
        }
        return ml;
    }
}
