using System.Diagnostics;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Times SentencePiece models over real text, line by line on one core, beside Microsoft.ML.Tokenizers in the same run.</summary>
internal static class SentencePieceSpeed
{
    private static readonly string[] _models =
        ["llama2/tokenizer.model", "t5/spiece.model", "albert/spiece.model", "glm-chinese/cog-pretrain.model", "chatglm-6b/ice_text.model"];

    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    public static void Run(string shared, int rounds)
    {
        string folder = Path.Combine(shared, "weights", "vocab");
        string[] files = Directory.GetFiles(Path.Combine(folder, "expected", "corpus"), "*.txt");
        string[] lines = [.. files.SelectMany(File.ReadAllLines)];
        double megabytes = files.Sum(file => new FileInfo(file).Length) / 1e6;
        foreach (string name in _models)
        {
            string path = Path.Combine(folder, name);
            TextEncoder ours = TextEncoder.FromFile(path);
            Print($"{name}: this library", megabytes, rounds, Time(rounds, lines, line => ours.Encode(line, null, _plain).Ids.Length));
            if (Peer(path) is { } peer)
            {
                int equal = lines.Count(line => peer.EncodeToIds(line).SequenceEqual(ours.Encode(line, null, _plain).Ids));
                Print($"{name}: Microsoft.ML.Tokenizers", megabytes, rounds, Time(rounds, lines, line => peer.EncodeToIds(line).Count));
                Console.WriteLine($"  same ids on {equal} of {lines.Length} lines");
            }
        }
        string json = Path.Combine(folder, "t5", "tokenizer.json");
        TextEncoder t5 = TextEncoder.FromFile(json);
        Print("t5/tokenizer.json: this library", megabytes, rounds, Time(rounds, lines, line => t5.Encode(line, null, _plain).Ids.Length));
    }

    private static SentencePieceTokenizer? Peer(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Console.WriteLine($"  Microsoft.ML.Tokenizers does not read it: {error.Message}");
            return null;
        }
    }

    private static double[] Time(int rounds, string[] lines, Func<string, int> encode)
    {
        var times = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            foreach (string line in lines)
            {
                encode(line);
            }
            if (round >= 0)
            {
                times[round] = clock.Elapsed.TotalSeconds;
            }
        }
        return times;
    }

    private static void Print(string name, double megabytes, int rounds, double[] times) => Console.WriteLine(FormattableString.Invariant(
        $"{name,-56} {megabytes / times.Order().ElementAt(rounds / 2),6:F1} MB/s   (median of {rounds}, {megabytes / times.Max():F1} to {megabytes / times.Min():F1})"));
}
