using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks a trained translator: texts, ids, scores and BLEU of several ways to search, and the loss on the validation set.</summary>
internal sealed class TranslationParity(string folder, string shared, Report report)
{
    private const int BatchSize = 50;
    private const double ScoreTolerance = 1e-4;
    private const double LossTolerance = 1e-4;

    // Outputs that float64 arithmetic changes may differ: one of a thousand moves BLEU by less.
    private const double BleuTolerance = 0.05;

    private static readonly HashSet<string> _fields = ["versions", "trained", "note", "runs", "validation", "sst2_dev_accuracy"];
    private static readonly HashSet<string> _runFields = ["name", "settings", "rows", "bleu", "outputs"];
    private static readonly HashSet<string> _outputFields = ["source", "ids", "text", "score", "stable"];

    private static readonly HashSet<string> _settings =
        ["do_sample", "num_beams", "length_penalty", "early_stopping", "no_repeat_ngram_size", "repetition_penalty", "num_return_sequences"];

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "reference", _fields);
        using TaskModel model = LanguageModelFigures.Load(folder, HeadKind.SequenceToSequence);
        TextEncoder tokenizer = TextEncoder.FromFolder(folder);
        using TextGenerator generator = new MLContext().Transformers().TextGenerator(folder);
        string prefix = Prefix(expected);
        foreach (JsonElement run in expected.Items("runs"))
        {
            string name = run.Text("name") ?? "run";
            report.RefuseUnknown(run, name, _runFields);
            report.RefuseUnknown(run.GetProperty("settings"), name, _settings);
            report.Guard(name, () => CheckRun(run, name, prefix, generator));
        }
        report.Guard("validation", () => CheckValidation(expected.GetProperty("validation"), prefix, model, tokenizer));
        if (expected.TryGetProperty("sst2_dev_accuracy", out JsonElement accuracy))
        {
            report.Guard("sst2", () => CheckSentiment(accuracy.GetDouble(), generator));
        }
    }

    // What stands before each sentence says the task to T5; the sources are the test set's lines.
    private string Prefix(JsonElement expected)
    {
        string source = expected.Items("runs").First().Items("outputs").First().Text("source")!;
        string line = Lines("test_2016_flickr.en").First();
        return source.EndsWith(line, StringComparison.Ordinal) ? source[..^line.Length] : throw new InvalidDataException($"'{source}' does not end with '{line}'.");
    }

    private void CheckRun(JsonElement run, string name, string prefix, TextGenerator generator)
    {
        byte[] settings = JsonSerializer.SerializeToUtf8Bytes(run.GetProperty("settings"));
        GenerationOptions options = GenerationConfigFile.Read(ConfigJson.Parse(settings, "settings"));
        int rows = run.GetProperty("rows").GetInt32();
        string[] sources = [.. Lines("test_2016_flickr.en").Take(rows).Select(line => prefix + line)];
        IReadOnlyList<GeneratedText>[] written = [.. sources.Chunk(BatchSize).SelectMany(batch => generator.GenerateBatch(batch, options))];
        GeneratedText[] ours = [.. written.SelectMany(texts => texts)];
        CheckOutputs(run, name, ours, sources);
        if (run.GetProperty("bleu") is { ValueKind: JsonValueKind.Number } bleu)
        {
            double score = Bleu.Of([.. written.Select(texts => texts[0].Text)], [.. Lines("test_2016_flickr.de").Take(rows)]).Score;
            report.Within($"{name}: BLEU", Math.Abs(score - bleu.GetDouble()), BleuTolerance);
        }
    }

    private void CheckOutputs(JsonElement run, string name, GeneratedText[] ours, string[] sources)
    {
        int texts = ours.Length / sources.Length;
        int number = 0;
        foreach (JsonElement output in run.Items("outputs"))
        {
            report.RefuseUnknown(output, name, _outputFields);
            GeneratedText mine = ours[number];
            report.Equal($"{name}: source {number}", sources[number / texts], output.Text("source"));
            if (output.GetProperty("stable").GetBoolean())
            {
                report.SequenceEqual($"{name}: ids {number}", mine.Ids, output.GetProperty("ids").Ints());
                report.Equal($"{name}: text {number}", mine.Text, output.Text("text"));
                if (output.GetProperty("score") is { ValueKind: JsonValueKind.Number } score)
                {
                    report.Within($"{name}: score {number}", Math.Abs(mine.Score!.Value - score.GetDouble()), ScoreTolerance);
                }
            }
            number++;
        }
    }

    private void CheckValidation(JsonElement expected, string prefix, TaskModel model, TextEncoder tokenizer)
    {
        report.RefuseUnknown(expected, "validation", new HashSet<string> { "tokens", "loss", "perplexity" });
        double sum = 0;
        long tokens = 0;
        using var inference = inference_mode();
        foreach ((string Source, string Target)[] batch in Lines("val.en").Zip(Lines("val.de")).Chunk(BatchSize))
        {
            using var scope = NewDisposeScope();
            TokenBatch sources = Batch(batch.Select(pair => prefix + pair.Source));
            TokenBatch targets = Batch(batch.Select(pair => pair.Target));
            Tensor labels = targets.Mask is { } mask ? targets.Ids.masked_fill(mask.logical_not(), LossTerm.Ignored) : targets.Ids;
            TokenBatch read = TokenBatch.ShiftRight(labels, model.Config.DecoderStartId!.Value, model.Config.PaddingId);
            HeadOutput output = model.forward(sources with { Target = read });
            LossTerm term = HeadLoss.Terms(model, sources, new HeadLabels(labels))[0];
            sum += term.Sum(output).item<float>();
            tokens += (long)term.Weight;
        }
        double loss = sum / tokens;
        report.Equal("validation: tokens", tokens, expected.GetProperty("tokens").GetInt64());
        report.Within("validation: loss", Math.Abs(loss - expected.GetProperty("loss").GetDouble()), LossTolerance);
        report.Within("validation: perplexity", Math.Abs(Math.Exp(loss) / expected.GetProperty("perplexity").GetDouble() - 1), LossTolerance);

        TokenBatch Batch(IEnumerable<string> texts) => TokenBatch.Pad([.. texts.Select(text => tokenizer.Encode(text).Ids)], null, model.Config.PaddingId);
    }

    private void CheckSentiment(double expected, TextGenerator generator)
    {
        (string Text, string Label)[] rows = [.. File.ReadLines(Path.Combine(shared, "data", "sst2-sentences", "dev.tsv")).Where(line => line.Length > 0)
            .Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))];
        int right = 0;
        foreach ((string Text, string Label)[] batch in rows.Chunk(BatchSize))
        {
            IReadOnlyList<IReadOnlyList<GeneratedText>> answers = generator.GenerateBatch(
                [.. batch.Select(row => $"sst2 sentence: {row.Text}")], new GenerationOptions { Beams = 1 });
            right += batch.Zip(answers).Count(pair => pair.Second[0].Text == (pair.First.Label == "1" ? "positive" : "negative"));
        }
        report.Within("sst2: accuracy", Math.Abs(((double)right / rows.Length) - expected), 1.0 / rows.Length);
    }

    private IEnumerable<string> Lines(string name)
    {
        using var unzipped = new GZipStream(File.OpenRead(Path.Combine(shared, "data", "multi30k", name + ".gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
