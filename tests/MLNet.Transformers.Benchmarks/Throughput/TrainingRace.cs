using System.Diagnostics;
using Microsoft.ML;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>
/// Fine-tuning beside a plain TorchSharp network of the same shape, in turns: rows a second, the ratio, and the share of what the machine multiplies at
/// most, measured in the same run.
/// </summary>
internal static class TrainingRace
{
    private const int Tokens = 128;
    private const int Rows = 16;

    private static readonly Shape[] _shapes = [new("minilm", 6, 384, 1536, 12, Steps: 8), new("bert-base", 12, 768, 3072, 12, Steps: 4)];

    public static void Run(string shared, int rounds, IReadOnlyList<string> names)
    {
        NativeBackend.EnsureLoaded();
        var tokenizer = TextEncoder.FromFolder(Path.Combine(shared, "weights", "all-MiniLM-L6-v2"));
        foreach (Shape shape in _shapes.Where(shape => names.Count == 0 || names.Contains(shape.Name)))
        {
            Checkpoint fresh = Checkpoint.FromConfig(
                new BertConfig
                {
                    VocabularySize = tokenizer.MaxId + 1, HiddenSize = shape.Width, Layers = shape.Layers, Heads = shape.Heads, IntermediateSize = shape.Inner,
                },
                tokenizer);
            Compare(shape, rounds,
            [
                new("plain TorchSharp, float32", ScalarType.Float32, () => Plain(shape, tokenizer.MaxId + 1)),
                new("ours, float32", ScalarType.Float32, () => Ours(shape, fresh, Precision.Float32)),
                new("ours, bfloat16", ScalarType.BFloat16, () => Ours(shape, fresh, Precision.BFloat16)),
            ]);
        }
    }

    private static void Compare(Shape shape, int rounds, Contender[] contenders)
    {
        Console.WriteLine($"{shape.Name}: {shape.Layers} x {shape.Width}, {Rows} x {Tokens} tokens, median of {rounds} rounds, {get_num_threads()} threads");
        var times = Array.ConvertAll(contenders, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                times[i].Add(contenders[i].SecondsPerStep());
            }
        }
        var peaks = contenders.Select(contender => contender.Type).Distinct().ToDictionary(type => type, type => Peak(type, shape));
        double first = Median(times[0]);
        for (int i = 0; i < contenders.Length; i++)
        {
            double median = Median(times[i]), speed = shape.Products / median, peak = peaks[contenders[i].Type];
            Console.WriteLine(FormattableString.Invariant(
                $"  {contenders[i].Name,-26} {Rows / median,7:F2} rows/s   {first / median,5:F2} x   {speed / 1e9,6:F0} GFLOP/s, {100 * speed / peak,3:F0} % of the {peak / 1e9:F0} that one product reaches   (spread {times[i].Min():F2} to {times[i].Max():F2} s a step)"));
        }
    }

    // The widest product of a layer, with weights that lie as the product likes them best.
    private static double Peak(ScalarType type, Shape shape)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor x = randn(Rows * Tokens, shape.Width).to(type), weight = randn(shape.Inner, shape.Width).to(type);
        Tensor? packed = OneDnn.Supports(type) ? OneDnn.Pack(weight) : null;
        return Math.Max(Fastest(() => x.matmul(weight.t())), packed is null ? 0 : Fastest(() => OneDnn.Linear(x, packed, null)));

        double Fastest(Func<Tensor> multiply)
        {
            double least = double.MaxValue;
            for (int i = 0; i < 30; i++)
            {
                var clock = Stopwatch.StartNew();
                multiply().Dispose();
                least = Math.Min(least, clock.Elapsed.TotalSeconds);
            }
            return 2.0 * Rows * Tokens * shape.Width * shape.Inner / least;
        }
    }

    private static double Plain(Shape shape, long vocabulary)
    {
        using var scope = NewDisposeScope();
        using var network = new PlainNetwork(vocabulary, shape.Width, shape.Layers, shape.Heads, shape.Inner, positions: 512);
        using var optimizer = optim.AdamW(network.parameters(), lr: 5e-5);
        network.train();
        Tensor ids = randint(1000, vocabulary, [Rows, Tokens]), labels = randint(0, 2, [Rows]);
        var clock = new Stopwatch();
        for (int step = 0; step <= shape.Steps; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = nn.functional.cross_entropy(network.forward(ids), labels);
            loss.backward();
            nn.utils.clip_grad_norm_(network.parameters(), 1);
            optimizer.step();
            loss.item<float>();
            // The first step warms up.
            clock.Start();
        }
        return clock.Elapsed.TotalSeconds / shape.Steps;
    }

    // Words of one token each, so that every row is as long.
    private static double Ours(Shape shape, Checkpoint fresh, Precision precision)
    {
        var ml = new MLContext(1);
        string text = string.Join(' ', Enumerable.Repeat("the", Tokens));
        Row[] rows = [.. Enumerable.Range(0, Rows * (shape.Steps + 1)).Select(i => new Row { Text = text, Label = (i % 2).ToString(System.Globalization.CultureInfo.InvariantCulture) })];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var clock = new StepClock();
        ml.Transformers().SequenceClassification(fresh, new SequenceClassificationOptions
        {
            Epochs = 1, BatchSize = Rows, MaxTokens = Tokens, Precision = precision, Progress = clock,
        }).Fit(keyed).Dispose();
        return clock.SecondsPerStep;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Contender(string Name, ScalarType Type, Func<double> SecondsPerStep);

    private sealed record Shape(string Name, int Layers, int Width, int Inner, int Heads, int Steps)
    {
        // Of a step: each weight of a layer is multiplied with each token three times, once forward and twice backward, and so are keys and values.
        public double Products => 6.0 * Rows * Tokens * Layers * (4.0 * Width * Width + 2.0 * Width * Inner + 2.0 * Tokens * Width);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
