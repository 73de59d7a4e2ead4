using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Benchmarks.Accuracy;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Vectors;
using MLNet.Transformers.Models.Generation;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>How long work takes alone and beside a process that keeps one core busy, in turns, in one run.</summary>
internal static class NeighbourTable
{
    private const int PromptTokens = 32;

    public static void Run(string shared, int rounds, bool onlyAlone, IReadOnlyList<string> names)
    {
        using var works = new Works(shared);
        foreach (Work work in works.All.Where(work => names.Count == 0 || names.Contains(work.Name)))
        {
            work.Seconds();
            var alone = new List<double>();
            var beside = new List<double>();
            for (int round = 0; round < rounds; round++)
            {
                alone.Add(work.Seconds());
                if (onlyAlone)
                {
                    continue;
                }
                using var neighbour = new BusyNeighbour();
                beside.Add(work.Seconds());
            }
            double a = Median(alone);
            Console.Write(FormattableString.Invariant($"  {work.Name,-18} alone {work.Items / a,6:F1} {work.Unit + "/s",-8} ({alone.Min():F2} to {alone.Max():F2} s)"));
            if (!onlyAlone)
            {
                double b = Median(beside);
                Console.Write(FormattableString.Invariant($"   beside {work.Items / b,6:F1} ({beside.Min():F2} to {beside.Max():F2} s)   {b / a:F2} x as long"));
            }
            Console.WriteLine();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <param name="Name">What it is called on the command line.</param>
    /// <param name="Unit">What is counted.</param>
    /// <param name="Items">How many of them.</param>
    /// <param name="Seconds">Does it and says how long it took.</param>
    private sealed record Work(string Name, string Unit, int Items, Func<double> Seconds);

    private sealed class Works : IDisposable
    {
        private const int TrainingSteps = 6;
        private const int BatchSize = 32;
        private const int Texts = 872;
        private const int Singles = 300;
        private const int NewTokens = 48;

        private readonly MLContext _ml = new(1);
        private readonly Checkpoint _miniLm;
        private readonly Row[] _rows;
        private readonly OurPipeline _pipeline;
        private readonly TaskModel _writer;

        public Works(string shared)
        {
            _miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
            _rows = DataSet.All.Single(data => data.Name == "sst2").Test(Path.Combine(shared, "data"));
            _pipeline = new OurPipeline(_miniLm, 128, Precision.Float32);
            _writer = GenerationSpeed.Trained(Path.Combine(shared, "weights", "SmolLM2-135M-Instruct"), MatrixPacking.AsStored);
            string[] texts = [.. _rows.Select(row => row.Text).Take(Texts)];
            All =
            [
                new("training", "rows", (TrainingSteps - 1) * BatchSize, Train),
                new("transform", "texts", texts.Length, () => Time(() => _pipeline.Batched(texts))),
                new("single", "texts", Singles, () => Time(() => _pipeline.Single(texts[..Singles]))),
                new("decoding-bfloat16", "tokens", NewTokens, () => Write(ScalarType.BFloat16)),
                new("decoding-float32", "tokens", NewTokens, () => Write(ScalarType.Float32)),
            ];
        }

        public IReadOnlyList<Work> All { get; }

        public void Dispose()
        {
            _pipeline.Dispose();
            _writer.Dispose();
        }

        // From the end of the first step to the end of the last: neither loading nor tokenizing.
        private double Train()
        {
            var progress = new StepClock();
            IDataView data = _ml.Data.LoadFromEnumerable(_rows.OrderByDescending(row => row.Text.Length).Take(TrainingSteps * BatchSize));
            IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
            var options = new SequenceClassificationOptions { Epochs = 1, BatchSize = BatchSize, MaxTokens = 128, LearningRate = 1e-9, Precision = Precision.Float32, Progress = progress };
            _ml.Transformers().SequenceClassification(_miniLm, options).Fit(keyed).Dispose();
            return progress.Seconds;
        }

        private double Write(ScalarType type)
        {
            using var scope = NewDisposeScope();
            var random = new Random(1);
            int[][] prompt = [[.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(10, 10000))]];
            if (_writer.ComputeType != type)
            {
                // Weights are laid out for a number format at its first use.
                _writer.ComputeType = type;
                Generate(2);
            }
            return Time(() => Generate(NewTokens));

            void Generate(int tokens) => new TokenGenerator(_writer).Generate(
                TokenBatch.Pad(prompt, null, 0), new GenerationSettings(new GenerationOptions { MaxNewTokens = tokens, EosIds = [] }, new GenerationOptions(), _writer.Config),
                checkAlive: static () => { });
        }

        private static double Time(Action work)
        {
            var clock = Stopwatch.StartNew();
            work();
            return clock.Elapsed.TotalSeconds;
        }
    }
}
