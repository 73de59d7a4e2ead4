using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Pretraining;

/// <summary>
/// What denoising is worth to a small BART (Lewis et al. 2020): it learns English captions of Multi30k, then to translate some pairs into German, and, with a new encoder
/// for German (§3.4), from German. Each beside an equal network with fresh weights, on the same pairs and in as many steps.
/// </summary>
internal sealed class BartRecipes(string shared, RecipeSteps steps, int pairs, int seed)
{
    private const int BatchSize = 64;
    private const int MaxTokens = 64;
    private const int SourceVocabulary = 3000;

    private readonly MLContext _ml = new(seed);

    public static void Run(string shared, RecipeSteps steps, int pairs, int seed, IReadOnlyList<string> names) => new BartRecipes(shared, steps, pairs, seed).Run(names);

    private void Run(IReadOnlyList<string> names)
    {
        // The sizes and the tokenizer of trained weights, without the weights.
        Checkpoint sizes = Path.Combine(shared, "weights", "bart-multi30k-tiny");
        Checkpoint fresh = Checkpoint.FromConfig(sizes.Config, sizes.Tokenizer);
        string[] english = Lines("train.en.gz"), german = Lines("train.de.gz"), testEnglish = Lines("test_2016_flickr.en.gz"), testGerman = Lines("test_2016_flickr.de.gz");
        Console.WriteLine($"BART learns {english.Length:N0} English captions by denoising in {steps.Denoising} steps; {pairs:N0} pairs teach translation, {testEnglish.Length:N0} judge.");
        using PretrainingTransformer denoised = Denoise(fresh, english);
        if (names.Count == 0 || names.Contains("into-german"))
        {
            (string[] Sources, string[] Targets) train = (english[..pairs], german[..pairs]), test = (testEnglish, testGerman);
            Judge("into German, BART denoised", Translate(denoised.Checkpoint, train, steps.Pairs), test);
            Judge("into German, fresh weights", Translate(fresh, train, steps.Pairs), test);
        }
        if (names.Count == 0 || names.Contains("from-german"))
        {
            (string[] Sources, string[] Targets) train = (german[..pairs], english[..pairs]), test = (testGerman, testEnglish);
            TextEncoder source = WordPieceTrainer.Train(train.Sources, SourceVocabulary, new() { Lowercase = false });
            Judge("from German, a new encoder before BART, after the first stage", NewEncoder(denoised.Checkpoint, source, train, tuning: 0), test);
            Judge("from German, a new encoder before BART, after the second stage", NewEncoder(denoised.Checkpoint, source, train, steps.Tuning), test);
            Judge("from German, fresh weights, all learnt at once", Translate(fresh.WithSourceEncoder(source), train, steps.Pairs + steps.Tuning), test);
        }
    }

    private PretrainingTransformer Denoise(Checkpoint fresh, string[] texts)
    {
        var options = new PretrainingOptions
        {
            MaxSteps = steps.Denoising, BatchSize = BatchSize, MaxTokens = MaxTokens, LearningRate = 1e-3, ValidationShare = 0.02,
            ValidateEverySteps = Math.Max(1, steps.Denoising / 5), Progress = new Judgements(),
        };
        return _ml.Transformers().Pretraining(fresh, new DenoisingObjective(), options).Fit(_ml.Data.LoadFromEnumerable(texts.Select(text => new Text(text))));
    }

    private SequenceToSequenceTransformer Translate(Checkpoint checkpoint, (string[] Sources, string[] Targets) train, int most) => _ml.Transformers()
        .SequenceToSequence(checkpoint, new()
        {
            MaxSteps = most, BatchSize = BatchSize, LearningRate = 1e-3, LabelSmoothing = 0.1, MaxTokens = MaxTokens, Generation = new() { MaxNewTokens = 48 },
        })
        .Fit(Rows(train));

    private SequenceToSequenceTransformer NewEncoder(Checkpoint bart, TextEncoder source, (string[] Sources, string[] Targets) train, int tuning) => _ml.Transformers()
        .Translation(bart, source, new()
        {
            MaxSteps = steps.Pairs, TuningSteps = tuning, BatchSize = BatchSize, LearningRate = 1e-3, MaxTokens = MaxTokens, Generation = new() { MaxNewTokens = 48 },
        })
        .Fit(Rows(train));

    private void Judge(string name, SequenceToSequenceTransformer model, (string[] Sources, string[] Targets) test)
    {
        using (model)
        {
            string[] written = [.. model.Transform(Rows(test)).GetColumn<string>("PredictedText")];
            var metrics = GeneratedTextMetrics.Of(written, [.. test.Targets.Select(target => (string[])[target])]);
            Console.WriteLine(FormattableString.Invariant($"{name}: BLEU {metrics.Bleu.Score:F1}; {written[0]}"));
        }
    }

    private IDataView Rows((string[] Sources, string[] Targets) pairs) =>
        _ml.Data.LoadFromEnumerable(pairs.Sources.Zip(pairs.Targets, (source, target) => new Pair(source, target)));

    private string[] Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(shared, "data", "multi30k", file)), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => line.Trim())];
    }

    private sealed record Text([property: ColumnName("Text")] string Value);

    private sealed record Pair(string Source, string Target);

    private sealed class Judgements : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Validation is { } metrics)
            {
                Console.WriteLine(FormattableString.Invariant($"  step {value.Step}: held out perplexity {metrics["Perplexity"]:F1}"));
            }
        }
    }
}

/// <summary>Steps of each training.</summary>
/// <param name="Denoising">Of denoising.</param>
/// <param name="Pairs">On pairs.</param>
/// <param name="Tuning">Of the second stage with a new encoder.</param>
internal sealed record RecipeSteps(int Denoising, int Pairs, int Tuning);
