using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Memory;

/// <summary>Private memory while text of a given size, which is made up as it is read, becomes tokens and is learnt from.</summary>
internal static class TextMemory
{
    private const int WordsOfDocument = 400;
    private const int Reports = 10;

    public static void Run(int megabytes, int steps)
    {
        string[] words = [.. Enumerable.Range(0, 2000).Select(number => string.Concat(Enumerable.Range(0, 2 + number % 3).Select(place => "aeioubcdfglmnprst"[(number * 7 + place * 5 + number / 17) % 17])))];
        TextEncoder tokenizer = WordPieceTrainer.Train([string.Join(' ', words), string.Join(' ', words)], size: 2000);
        var config = new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 32, Layers = 1, Heads = 2, IntermediateSize = 64, MaxPositions = 128 };
        var ml = new MLContext(1);
        ml.Log += (_, entry) =>
        {
            if (entry.Source.Contains("MLNet.Transformers", StringComparison.Ordinal))
            {
                Console.WriteLine(entry.RawMessage);
            }
        };
        long read = 0;
        Print("before", read);
        var options = new PretrainingOptions { MaxSteps = steps, MaxTokens = 128, BatchSize = 16, Progress = new Reporter(() => Interlocked.Read(ref read), steps) };
        ml.Transformers().Pretraining(Checkpoint.FromConfig(config, tokenizer), new MaskedLanguageModelObjective(), options).Fit(ml.Data.LoadFromEnumerable(Documents())).Dispose();
        Print("after", read);

        IEnumerable<Row> Documents()
        {
            var random = new Random(1);
            while (Interlocked.Read(ref read) < megabytes * 1_000_000L)
            {
                string text = string.Join(' ', Enumerable.Range(0, WordsOfDocument).Select(place => words[random.Next(words.Length)] + (place % 12 == 11 ? "." : "")));
                Interlocked.Add(ref read, text.Length);
                yield return new Row { Text = text };
            }
        }
    }

    private static void Print(string when, long read)
    {
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"{when}: {read / 1e6:F0} MB of text read, private {process.PrivateMemorySize64 / 1e6:F0} MB, managed {GC.GetTotalMemory(false) / 1e6:F0} MB, resident {process.WorkingSet64 / 1e6:F0} MB");
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Reporter(Func<long> read, int steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step % Math.Max(1, steps / Reports) == 0)
            {
                Print($"step {value.Step}, waited {value.WaitingShare:P2}", read());
            }
        }
    }
}
