using System.Diagnostics;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Times contenders in turns on the same texts, and prints medians and ratios to the first.</summary>
internal static class Race
{
    public static void Run(string title, IReadOnlyList<IContender> contenders, IReadOnlyList<string> texts, int rounds)
    {
        Console.WriteLine($"{title}: {texts.Count} texts, median of {rounds} rounds, {Environment.ProcessorCount} cores");
        Compare("batched", (contender, rows) => contender.Batched(rows));
        Compare("single", (contender, rows) => contender.Single(rows));

        void Compare(string way, Action<IContender, IReadOnlyList<string>> run)
        {
            var times = contenders.ToDictionary(contender => contender, _ => new List<double>());
            IReadOnlyList<string> warmUp = [.. texts.Take(64)];
            foreach (IContender contender in contenders)
            {
                run(contender, warmUp);
            }
            for (int round = 0; round < rounds; round++)
            {
                foreach (IContender contender in contenders)
                {
                    var clock = Stopwatch.StartNew();
                    run(contender, texts);
                    times[contender].Add(clock.Elapsed.TotalSeconds);
                }
            }
            double first = Median(times[contenders[0]]);
            foreach (IContender contender in contenders)
            {
                double median = Median(times[contender]);
                Console.WriteLine(FormattableString.Invariant(
                    $"  {way,-8} {contender.Name,-44} {texts.Count / median,8:F1} texts/s   {first / median,5:F2} x the first   (spread {times[contender].Min():F2} to {times[contender].Max():F2} s)"));
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
