using System.Globalization;
using Microsoft.ML;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Pretraining;

/// <summary>Trains small networks on plain text, and prints the perplexity of held-out texts by the step, beside that of token frequencies alone.</summary>
internal static class PretrainingTable
{
    private const int Vocabulary = 4000;
    private const int MaxTokens = 64;
    private const int Judgements = 10;

    public static void Run(string shared, string text, int steps, int seed, string[] names)
    {
        PlainText documents = PlainText.Read(shared, text);
        TextEncoder tokenizer = PretrainingRun.Vocabulary(documents.Training, Vocabulary);
        double unigram = documents.UnigramPerplexity(tokenizer);
        Console.WriteLine(Invariant($"{documents.Name}: {documents.Training.Length} documents teach, {documents.HeldOut.Length} judge, {tokenizer.VocabularySize} tokens, unigram perplexity {unigram:F1}"));
        foreach (PretrainingRun run in PretrainingRun.All.Where(run => names.Length == 0 || names.Contains(run.Name)))
        {
            Console.WriteLine(run.Name);
            Train(run, documents, tokenizer, steps, seed);
        }
    }

    private static void Train(PretrainingRun run, PlainText documents, TextEncoder tokenizer, int steps, int seed)
    {
        var ml = new MLContext(seed);
        var options = new PretrainingOptions
        {
            MaxSteps = steps, ValidateEverySteps = Math.Max(1, steps / Judgements), BatchSize = 32, MaxTokens = MaxTokens, LearningRate = 1e-3,
            ValidationSet = Rows(ml, documents.HeldOut), Progress = new Reporter(),
        };
        using PretrainingTransformer model = ml.Transformers().Pretraining(run.Network(tokenizer), run.Objective, options).Fit(Rows(ml, documents.Training));
        LanguageModelMetrics metrics = ml.Transformers().EvaluateLanguageModel(model.Transform(Rows(ml, documents.HeldOut)));
        Console.WriteLine(Invariant($"  texts scored: loss {metrics.Loss:F3}, perplexity {metrics.Perplexity:F1}, {metrics.Tokens} tokens"));
    }

    private static IDataView Rows(MLContext ml, string[] texts) => ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Reporter : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Validation is { } metrics)
            {
                Console.WriteLine(Invariant(
                    $"  step {value.Step}: held out loss {metrics["Loss"]:F3}, perplexity {metrics["Perplexity"]:F1}; {value.TokensPerSecond:F0} tokens/s, waited {value.WaitingShare:P2}, {value.Remaining:mm\\:ss} to go"));
            }
        }
    }
}
