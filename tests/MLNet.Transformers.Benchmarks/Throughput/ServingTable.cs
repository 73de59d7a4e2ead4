using System.Diagnostics;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Many threads that ask for one text each, as a web service's do: texts a second and how long an answer takes, beside ONNX Runtime, in turns.</summary>
internal static class ServingTable
{
    private const int MaxTokens = 128;

    public static void Run(string shared, int rounds, double seconds, IReadOnlyList<int> threads)
    {
        string miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
        Checkpoint checkpoint = miniLm;
        string[] texts = [.. PeerComparison.Texts(shared, "dev.tsv")];
        using var ours = new OurPipeline(checkpoint, MaxTokens, Precision.Float32);
        using var brief = new OurPipeline(checkpoint, MaxTokens, Precision.BFloat16);
        using var onnx = new OnnxRuntimePeer(Path.Combine(miniLm, "model.onnx"), checkpoint.Tokenizer, MaxTokens, sorted: false);
        IContender[] contenders = [ours, brief, onnx];
        Console.WriteLine(FormattableString.Invariant($"MiniLM over SST-2 dev, {rounds} rounds of {seconds:F0} s, {Environment.ProcessorCount} cores"));
        foreach (int count in threads)
        {
            var served = Array.ConvertAll(contenders, _ => new List<Served>());
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < contenders.Length; i++)
                {
                    Serve(contenders[i], texts, count, 0.3);
                    served[i].Add(Serve(contenders[i], texts, count, seconds));
                }
            }
            for (int i = 0; i < contenders.Length; i++)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"  {count,3} threads  {contenders[i].Name,-32} {Median(served[i], one => one.PerSecond),7:F1} texts/s   median {Median(served[i], one => one.Middle),6:F1} ms   99 of 100 within {Median(served[i], one => one.Late),6:F1} ms   (spread {served[i].Min(one => one.PerSecond):F0} to {served[i].Max(one => one.PerSecond):F0})"));
            }
        }
    }

    private static Served Serve(IContender contender, string[] texts, int count, double seconds)
    {
        var clock = Stopwatch.StartNew();
        var times = new List<double>[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            times[number] = [];
            using IDisposable? asking = contender.Asking(out Action<string> ask);
            for (int i = number; clock.Elapsed.TotalSeconds < seconds; i += count)
            {
                long begin = Stopwatch.GetTimestamp();
                ask(texts[i % texts.Length]);
                times[number].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        double[] all = [.. times.SelectMany(own => own).Order()];
        return new Served(all.Length / clock.Elapsed.TotalSeconds, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }

    private static double Median(IEnumerable<Served> served, Func<Served, double> value) => served.Select(value).Order().ElementAt(served.Count() / 2);

    /// <param name="PerSecond">Texts a second.</param>
    /// <param name="Middle">Median time of an answer, ms.</param>
    /// <param name="Late">The time that 99 of 100 answers take at most, ms.</param>
    private sealed record Served(double PerSecond, double Middle, double Late);
}
