using System.Text.Json;
using Microsoft.ML;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>Texts and networks that pretraining is tried with.</summary>
internal static class PlainTexts
{
    public sealed class Line
    {
        public string? Text { get; set; }
    }

    public sealed class Stretch
    {
        public string Text { get; set; } = "";

        public bool ContinuesDocument { get; set; }
    }

    public static IDataView Of(MLContext ml, params string?[] texts) => ml.Data.LoadFromEnumerable(texts.Select(text => new Line { Text = text }));

    public static IDataView Reviews(MLContext ml) => Of(ml, [.. SampleNetworks.Positive, .. SampleNetworks.Negative]);

    public static Checkpoint TinyLlama()
    {
        TextEncoder tokenizer = SampleNetworks.Tiny().Tokenizer;
        return Checkpoint.FromConfig(
            new LlamaConfig
            {
                VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 64,
            },
            tokenizer);
    }

    /// <summary>A network of a row of <see cref="SmallConfigs"/> with fresh weights, and a vocabulary with sentinels and the tokens of blanks.</summary>
    public static Checkpoint Small(string row)
    {
        string[] texts = [.. SampleNetworks.Positive, .. SampleNetworks.Negative];
        TextEncoder tokenizer = WordPieceTrainer.Train([.. texts, .. texts], size: 140, new()
        {
            SpecialTokens = SpecialTokens.Bert with
            {
                Last = ["[sMASK]", "[gMASK]", "<|startofpiece|>", "<|endofpiece|>", .. Enumerable.Range(0, 8).Select(number => $"<extra_id_{number}>")],
            },
        });
        return Checkpoint.FromConfig(
            Networks.Config(row, ("vocab_size", tokenizer.MaxId + 1), ("pad_token_id", tokenizer.PadTokenId), ("eos_token_id", tokenizer.SeparatorTokenId)), tokenizer);
    }

    /// <summary>What an objective is made for.</summary>
    public static ObjectiveContext Context(Checkpoint checkpoint, HeadKind head, int maxTokens) =>
        new(checkpoint.Tokenizer, checkpoint.Config, ArchitectureRegistry.Of(checkpoint.Config).Head(head), maxTokens);

    public static HiddenTokens Hidden(Checkpoint checkpoint, MaskedLanguageModelObjective? options = null) =>
        new(Context(checkpoint, HeadKind.MaskedLanguageModel, 24), options ?? new MaskedLanguageModelObjective());

    /// <summary>The loss of a golden's first case that has one, and the reference's.</summary>
    /// <param name="golden">Name of the folder.</param>
    /// <param name="head">The head.</param>
    /// <param name="batch">Makes a batch of rows without their padding, and of what is to be said of each row.</param>
    public static (double Expected, double Actual) GoldenLoss(string golden, HeadKind head, Func<IReadOnlyList<(TokenSequence Read, int[] Labels)>, int[]?, NetworkInputs, LabelledBatch> batch)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(golden, "expected.json")));
        JsonElement item = expected.RootElement.GetProperty("cases").EnumerateArray().First(entry => entry.GetProperty("outputs").TryGetProperty("loss", out _));
        JsonElement inputs = item.GetProperty("inputs");
        using TaskModel network = TaskModel.Create(ModelConfig.FromFile(Shared.Golden(golden, "config.json")), head, Placement.Cpu);
        using var weights = SafetensorsFile.Open(Shared.Golden(golden, "model.safetensors"));
        CheckpointLoader.Load(network, weights, [], [], seed: 0);
        network.eval();
        int[][] ids = Rows("input_ids")!, labels = Rows("labels")!, mask = Rows("attention_mask")!;
        int[][]? segments = Rows("token_type_ids");
        (TokenSequence, int[])[] rows = [.. ids.Select((row, i) => (new TokenSequence(Seen(row, i), segments is null ? null : Seen(segments[i], i)), Seen(labels[i], i)))];

        LabelledBatch made = batch(rows, inputs.TryGetProperty("next_sentence_label", out _) ? Values("next_sentence_label") : null, new NetworkInputs(network));
        HeadOutput output = network.forward(made.Tokens);
        return (item.GetProperty("outputs").GetProperty("loss").GetProperty("data")[0].GetDouble(), LossTerm.Mean(made.Terms, output).item<float>());

        int[] Seen(int[] row, int i) => row[..mask[i].Sum()];

        int[] Values(string key) => [.. inputs.GetProperty(key).GetProperty("data").EnumerateArray().Select(value => value.GetInt32())];

        int[][]? Rows(string key) => inputs.TryGetProperty(key, out JsonElement found) ? [.. Values(key).Chunk(found.GetProperty("shape")[1].GetInt32())] : null;
    }
}
