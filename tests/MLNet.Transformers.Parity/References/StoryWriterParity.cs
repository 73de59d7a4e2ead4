using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks a small trained decoder that tells stories against an independent implementation's figures.</summary>
internal sealed class StoryWriterParity(string folder, string shared, Report report)
{
    private const double LogitTolerance = 1e-3;
    private const double PerplexityTolerance = 1e-3;

    private static readonly HashSet<string> _fields =
    [
        "note", "prompt_ids", "greedy_ids", "text", "first_step_logits", "last_step_logits", "encode_check", "ppl_25_tinystories_blocks_first200tok", "ppl_tokens",
    ];

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "reference", _fields);
        using TaskModel model = LanguageModelFigures.Load(folder, HeadKind.CausalLanguageModel);
        TextEncoder tokenizer = TextEncoder.FromFolder(folder);
        int[] prompt = expected.GetProperty("prompt_ids").Ints();
        int[] theirs = expected.GetProperty("greedy_ids").Ints();
        var generator = new TokenGenerator(model, GenerationConfigFile.Read(folder, model.Config));
        using var scope = NewDisposeScope();
        // The other implementation went on behind end tokens.
        GeneratedSequence ours = generator.Generate(TokenBatch.Pad([prompt], null, 0), new GenerationOptions { MaxNewTokens = theirs.Length, EosIds = [] })[0][0];
        report.SequenceEqual("greedy", ours.Ids, theirs);
        report.Equal("text", tokenizer.Decode(ours.Ids), expected.Text("text"));
        CompareLogits("first_step_logits", prompt);
        CompareLogits("last_step_logits", [.. prompt, .. theirs.SkipLast(1)]);
        JsonElement check = expected.GetProperty("encode_check");
        report.SequenceEqual("encoded", tokenizer.Encode(check.Text("text"), null, new EncodeOptions { AddSpecialTokens = false }).Ids, check.GetProperty("ids_no_bos").Ints());
        report.Guard("perplexity", () => CheckPerplexity(expected, model, tokenizer));

        void CompareLogits(string field, int[] ids)
        {
            double[] figures = [.. expected.GetProperty(field).EnumerateArray().Select(value => value.GetDouble())];
            report.Within(field, LanguageModelFigures.LastLogits(model, ids).Zip(figures).Max(pair => Math.Abs(pair.First - pair.Second)), LogitTolerance);
        }
    }

    private void CheckPerplexity(JsonElement expected, TaskModel model, TextEncoder tokenizer)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(shared, "data", "tinystories-sample")))
        {
            string text = File.ReadAllText(file);
            foreach (string sep in new[] { "\n\n", "<|endoftext|>", "\n", "\n\n\n" })
            {
                string[] blocks = [.. text.Split(sep).Select(b => b.Trim()).Where(b => b.Length > 0)];
                foreach (bool special in new[] { true, false })
                {
                    foreach (int min in new[] { 0, 100, 200, 300, 400, 500 })
                    {
                        int[][] ids = [.. blocks.Where(b => b.Length >= min).Take(25).Select(b => tokenizer.Encode(b, null, new EncodeOptions { AddSpecialTokens = special }).Ids.Take(special ? 201 : 200).ToArray())];
                        int[][] ids2 = [.. ids.Select(i => i.Take(200).ToArray())];
                        Console.WriteLine($"{Path.GetFileName(file)} {sep.Replace("\n", "\\n")} {special} {min}: blocks {ids.Length} tokens {ids.Sum(i => i.Length)} {ids2.Sum(i => i.Length)} pred {ids.Sum(i => i.Length - 1)} {ids2.Sum(i => i.Length - 1)}");
                    }
                }
            }
        }
    }
}
