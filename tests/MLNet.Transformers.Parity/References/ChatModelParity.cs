using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Parity.Models;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks a trained decoder with its tokenizer: ids of prompts, scores of the next token, what it writes, perplexities of real text.</summary>
internal sealed class ChatModelParity(string folder, string shared, Report report)
{
    private const double LogitTolerance = 2e-3;
    private const double PerplexityTolerance = 1e-3;

    private static readonly HashSet<string> _fields = ["note", "transformers", "torch", "tensors", "prompts", "perplexity"];

    private static readonly HashSet<string> _promptFields =
        ["kind", "messages", "text", "ids", "last_logits_top10", "greedy_ids", "greedy_text", "smallest_margin", "tokens_certain"];

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "reference", _fields);
        TextEncoder tokenizer = TextEncoder.FromFolder(folder);
        using TaskModel model = LanguageModelFigures.Load(folder, HeadKind.CausalLanguageModel);
        GenerationOptions generation = GenerationConfigFile.Read(folder, model.Config);
        int number = 0;
        foreach (JsonElement prompt in expected.Items("prompts"))
        {
            string name = $"prompt {++number}";
            report.RefuseUnknown(prompt, name, _promptFields);
            report.Guard(name, () => CheckPrompt(prompt, name, model, generation, tokenizer));
        }
        foreach (JsonElement text in expected.Items("perplexity"))
        {
            report.Guard("perplexity", () => CheckPerplexity(text, model, tokenizer));
        }
    }

    private void CheckPrompt(JsonElement prompt, string name, TaskModel model, GenerationOptions generation, TextEncoder tokenizer)
    {
        int[] ids = prompt.GetProperty("ids").Ints();
        report.SequenceEqual($"{name}: ids", tokenizer.Encode(prompt.Text("text")).Ids, ids);

        JsonElement top = prompt.GetProperty("last_logits_top10");
        float[] logits = LanguageModelFigures.LastLogits(model, ids);
        int[] best = top.GetProperty("ids").Ints();
        double[] values = [.. top.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        report.Within($"{name}: top logits", best.Zip(values).Max(pair => Math.Abs(logits[pair.First] - pair.Second)), LogitTolerance);
        double least = values.Min();
        report.Equal($"{name}: nothing above the top logits", logits.Where((value, id) => value > least + LogitTolerance && !best.Contains(id)).Count(), 0);

        int certain = prompt.GetProperty("tokens_certain").GetInt32();
        int[] theirs = prompt.GetProperty("greedy_ids").Ints();
        using var scope = NewDisposeScope();
        GeneratedSequence ours = Written.Ids(model, TokenBatch.Pad([ids], null, 0), new GenerationOptions { MaxNewTokens = theirs.Length }, generation)[0][0];
        report.SequenceEqual($"{name}: greedy", ours.Ids.Take(certain), theirs.Take(certain));
        string text = tokenizer.Decode(ours.Ids.Take(certain), skipSpecialTokens: false);
        string expected = prompt.Text("greedy_text")!;
        report.Equal($"{name}: greedy text", text, certain >= theirs.Length ? expected : expected[..Math.Min(text.Length, expected.Length)]);
    }

    private void CheckPerplexity(JsonElement item, TaskModel model, TextEncoder tokenizer)
    {
        report.RefuseUnknown(item, "perplexity", new HashSet<string> { "text", "tokens", "block", "predicted", "perplexity" });
        string name = item.Text("text")!;
        int[] ids = tokenizer.Encode(ReadText(name)).Ids;
        report.Equal($"{name}: tokens", ids.Length, item.GetProperty("tokens").GetInt32());
        (double sum, int count) = LanguageModelFigures.NegativeLogLikelihood(model, ids.Chunk(item.GetProperty("block").GetInt32()));
        report.Equal($"{name}: predicted", count, item.GetProperty("predicted").GetInt32());
        double expected = item.GetProperty("perplexity").GetDouble();
        report.Within($"{name}: perplexity", Math.Abs(Math.Exp(sum / count) - expected) / expected, PerplexityTolerance);
    }

    // "FILE" or "FILE, first N characters".
    private string ReadText(string name)
    {
        string[] parts = name.Split(", first ");
        string text = File.ReadAllText(Path.Combine([shared, "data", .. parts[0].Split('/')]));
        return parts.Length == 1 ? text : text[..int.Parse(parts[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)];
    }
}
