using System.Text;

namespace MLNet.Transformers.Benchmarks.Tokenizers;

/// <summary>Times tokenizers over real text on one core, beside Microsoft.ML.Tokenizers where it has a counterpart, and counts lines whose ids differ.</summary>
internal static class TokenizerRace
{
    public static void Run(string shared, int rounds)
    {
        string[] lines = [.. Directory.EnumerateFiles(Path.Combine(shared, "weights/vocab/expected/corpus")).SelectMany(File.ReadLines)];
        double megabytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line)) / 1e6;
        Console.WriteLine($"{lines.Length:N0} lines, {megabytes:F2} MB; median of {rounds} rounds, taken in turn");
        foreach ((string name, Encoder ours, Encoder? peer) in TokenizerPairs.Of(shared))
        {
            int differing = peer is null ? 0 : lines.Count(line => !ours(line).SequenceEqual(peer(line)));
            var (oursTimes, peerTimes) = (new List<double>(), new List<double>());
            for (int round = 0; round < rounds; round++)
            {
                oursTimes.Add(Seconds(lines, ours));
                if (peer is not null)
                {
                    peerTimes.Add(Seconds(lines, peer));
                }
            }
            string beside = peer is null ? "" : $", Microsoft.ML.Tokenizers {megabytes / Median(peerTimes):F1} MB/s, lines with other ids: {differing:N0}";
            Console.WriteLine($"{name,-32} {megabytes / Median(oursTimes),5:F1} MB/s{beside}");
        }
    }

    private static double Seconds(string[] lines, Encoder encode)
    {
        // Processor time, collection of garbage included: what else the machine does counts less.
        TimeSpan start = Environment.CpuUsage.TotalTime;
        foreach (string line in lines)
        {
            encode(line);
        }
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
