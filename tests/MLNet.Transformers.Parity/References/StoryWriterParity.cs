using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Parity.Models;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks a small trained decoder that tells stories against an independent implementation's figures.</summary>
internal sealed class StoryWriterParity(string folder, Report report)
{
    private const double LogitTolerance = 1e-3;

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
        GenerationOptions generation = GenerationConfigFile.Read(folder, model.Config);
        using var scope = NewDisposeScope();
        // The other implementation went on behind end tokens.
        GeneratedSequence ours = Written.Ids(model, TokenBatch.Pad([prompt], null, 0), new GenerationOptions { MaxNewTokens = theirs.Length, EosIds = [] }, generation)[0][0];
        report.SequenceEqual("greedy", ours.Ids, theirs);
        report.Equal("text", tokenizer.Decode(ours.Ids), expected.Text("text"));
        CompareLogits("first_step_logits", prompt);
        CompareLogits("last_step_logits", [.. prompt, .. theirs.SkipLast(1)]);
        JsonElement check = expected.GetProperty("encode_check");
        report.SequenceEqual("encoded", tokenizer.Encode(check.Text("text"), null, new EncodeOptions { AddSpecialTokens = false }).Ids, check.GetProperty("ids_no_bos").Ints());
        // No choice of 25 blocks of the texts beside it has that many tokens.
        report.Skip($"perplexity of {expected.GetProperty("ppl_tokens").GetInt32()} tokens: the file does not say of which text");

        void CompareLogits(string field, int[] ids)
        {
            double[] figures = [.. expected.GetProperty(field).EnumerateArray().Select(value => value.GetDouble())];
            report.Within(field, LanguageModelFigures.LastLogits(model, ids).Zip(figures).Max(pair => Math.Abs(pair.First - pair.Second)), LogitTolerance);
        }
    }
}
