using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>
/// Networks that write: BART and T5 from scratch on Multi30k, with the sizes and in the steps of the reference's (weights/INDEX.md), and SmolLM2 on SciTLDR, before
/// and after training.
/// </summary>
internal static class WritingTasks
{
    private const int SummarizedPapers = 100;
    private const int ShownTexts = 3;

    private sealed class Pair
    {
        public string Source { get; set; } = "";

        public string Target { get; set; } = "";

        public string[] Targets { get; set; } = [];
    }

    public static IReadOnlyList<AccuracyRun> Runs { get; } =
    [
        new("multi30k-bart", "BLEU", [33.2], settings => Translate("multi30k-bart", settings, "bart-multi30k-tiny", steps: 2870, learningRate: 1e-3, prefix: null)),
        new("multi30k-t5", "BLEU", [16.5], settings => Translate("multi30k-t5", settings, "t5-multi30k-tiny", steps: 1667, learningRate: 2e-3, "translate English to German: ")),
        new("scitldr-smollm2", "ROUGE-L", [], Summarize),
    ];

    private static double Translate(string name, RunSettings settings, string sizes, int steps, double learningRate, string? prefix)
    {
        // The sizes and the tokenizer of trained weights, without the weights. Their losses in training, beside those of validation, are of smoothed labels.
        Checkpoint trained = Path.Combine(settings.Shared, "weights", sizes);
        var options = new SequenceToSequenceOptions
        {
            BatchSize = 96, LearningRate = learningRate, LabelSmoothing = 0.1, MaxTokens = 64, MaxTargetTokens = 64, Prefix = prefix, MaxSteps = settings.MaxSteps ?? steps,
            Precision = settings.Precision, Generation = new() { MaxNewTokens = 48 },
        };
        Pair[] test = Multi30k(settings.Data, "test_2016_flickr");
        return Train(name, settings, Checkpoint.FromConfig(trained.Config, trained.Tokenizer), options, Multi30k(settings.Data, "train"), test).Bleu.Score;
    }

    private static double Summarize(RunSettings settings)
    {
        const string Name = "scitldr-smollm2", Template = "Say in one sentence what this paper is about.\n\n{source}";
        const int SourceTokens = 384, TargetTokens = 64;
        Checkpoint checkpoint = Path.Combine(settings.Shared, "weights", "SmolLM2-135M-Instruct");
        var generation = new GenerationOptions { MaxNewTokens = TargetTokens, Sample = false };
        Pair[] test = SciTldr(settings.Data, "test")[..SummarizedPapers];
        MLContext ml = AccuracyTable.Context(settings);
        using (var untrained = ml.Transformers().ApplySequenceToSequence(checkpoint, new()
        {
            BatchSize = 4, UseChatTemplate = true, PromptTemplate = Template, MaxSourceTokens = SourceTokens, Precision = settings.Precision, Generation = generation,
        }).Fit(ml.Data.LoadFromEnumerable(test)))
        {
            Judge(Name, settings, "before training", ml, untrained, test);
        }
        var options = new SequenceToSequenceOptions
        {
            BatchSize = 4, LearningRate = 5e-5, UseChatTemplate = true, PromptTemplate = Template, MaxSourceTokens = SourceTokens, MaxTargetTokens = TargetTokens,
            MaxSteps = settings.MaxSteps ?? 60, Precision = settings.Precision, Generation = generation,
        };
        return 100 * Train(Name, settings, checkpoint, options, SciTldr(settings.Data, "train"), test).Rouge.RougeL.F1;
    }

    private static GeneratedTextMetrics Train(
        string name, RunSettings settings, Checkpoint checkpoint, SequenceToSequenceOptions options, Pair[] train, Pair[] test)
    {
        MLContext ml = AccuracyTable.Context(settings);
        double first = 0, last = 0;
        options.Progress = new Watched(progress => (first, last) = (progress.Step == 1 ? progress.Loss : first, progress.Loss));
        var clock = Stopwatch.StartNew();
        using var model = ml.Transformers().SequenceToSequence(checkpoint, options).Fit(ml.Data.LoadFromEnumerable(train));
        string when = FormattableString.Invariant($"after {options.MaxSteps} steps in {clock.Elapsed.TotalSeconds:F0} s, loss {first:F3} at first, {last:F3} in the last epoch");
        return Judge(name, settings, when, ml, model, test);
    }

    private static GeneratedTextMetrics Judge(string name, RunSettings settings, string when, MLContext ml, SequenceToSequenceTransformer model, Pair[] test)
    {
        string[] texts = [.. model.Transform(ml.Data.LoadFromEnumerable(test)).GetColumn<string>("PredictedText")];
        var metrics = GeneratedTextMetrics.Of(texts, [.. test.Select(pair => pair.Targets)]);
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {settings.Seed}, {settings.Precision}, {when}: BLEU {metrics.Bleu.Score:F1}, ROUGE-1 {100 * metrics.Rouge.Rouge1.F1:F1}, ROUGE-2 {100 * metrics.Rouge.Rouge2.F1:F1}, ROUGE-L {100 * metrics.Rouge.RougeL.F1:F1} on {test.Length} rows"));
        foreach (string text in texts.Take(settings.Verbose ? ShownTexts : 0))
        {
            Console.WriteLine($"  {text}");
        }
        return metrics;
    }

    private static Pair[] Multi30k(string data, string split) =>
        [.. Lines(data, $"{split}.en.gz").Zip(Lines(data, $"{split}.de.gz"), (source, target) => new Pair { Source = source, Target = target, Targets = [target] })];

    /// <summary>The sentences of a file of Multi30k.</summary>
    public static string[] Lines(string data, string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(data, "multi30k", file)), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => line.Trim())];
    }

    /// <summary>What SciTLDR's papers say, without the summaries.</summary>
    public static IEnumerable<string> Abstracts(string data) => SciTldr(data, "train").Select(paper => paper.Source);

    private static Pair[] SciTldr(string data, string split) =>
    [
        .. File.ReadLines(Path.Combine(data, "scitldr", $"{split}.jsonl")).Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            string[] targets = [.. json.RootElement.GetProperty("target").EnumerateArray().Select(text => text.GetString()!)];
            string source = string.Join(' ', json.RootElement.GetProperty("source").EnumerateArray().Select(text => text.GetString()));
            return new Pair { Source = source, Target = targets[0], Targets = targets };
        }),
    ];

    private sealed class Watched(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
