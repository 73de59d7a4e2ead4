using System.Text.Json;
using Microsoft.ML;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Training;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

public class MaskedLanguageModelTests
{
    private const int Draws = 100_000;

    private sealed record Line(string? Text);

    [Fact]
    public void Fifteen_of_a_hundred_tokens_are_chosen_and_eighty_ten_ten_of_them_hidden_replaced_and_kept()
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        TextEncoder tokenizer = checkpoint.Tokenizer;
        var objective = new MaskedLanguageModel(tokenizer, checkpoint.Config);
        int[] ids = [tokenizer.ClassTokenId!.Value, .. Enumerable.Range(0, 98).Select(i => 10 + i % 20), tokenizer.SeparatorTokenId!.Value];
        var random = new Random(1);
        var chosenAt = new int[ids.Length];
        (int chosen, int hidden, int kept) = (0, 0, 0);
        for (int draw = 0; draw < Draws / 15; draw++)
        {
            (TokenSequence read, int[] labels) = objective.Hide(new TokenSequence(ids), random);
            int[] places = [.. Enumerable.Range(0, ids.Length).Where(i => labels[i] != LossTerm.Ignored)];
            Assert.Equal(15, places.Length);
            Assert.All(places, i => Assert.Equal(ids[i], labels[i]));
            Assert.All(Enumerable.Range(0, ids.Length).Except(places), i => Assert.Equal(ids[i], read.Ids[i]));
            foreach (int i in places)
            {
                chosenAt[i]++;
                chosen++;
                hidden += read.Ids[i] == tokenizer.MaskTokenId ? 1 : 0;
                kept += read.Ids[i] == ids[i] ? 1 : 0;
            }
        }

        // A replacement may by chance be the token itself or the mask.
        double chance = 0.1 / (tokenizer.MaxId + 1);
        Assert.Equal(0.8 + chance, (double)hidden / chosen, 0.006);
        Assert.Equal(0.1 + chance, (double)kept / chosen, 0.006);
        Assert.Equal((0, 0), (chosenAt[0], chosenAt[^1]));
        Assert.All(chosenAt[1..^1], count => Assert.Equal(Draws / 15 * 15 / 98.0, count, 180.0));
    }

    [Theory]
    [InlineData(2, null, 0)]
    [InlineData(3, null, 1)]
    [InlineData(10, null, 2)]
    [InlineData(30, null, 4)]
    [InlineData(128, 20, 19)]
    [InlineData(200, 20, 20)]
    public void At_least_one_token_is_chosen_and_no_more_than_the_limit(int length, int? most, int expected)
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        TextEncoder tokenizer = checkpoint.Tokenizer;
        int[] ids = [tokenizer.ClassTokenId!.Value, .. Enumerable.Repeat(9, length - 2), tokenizer.SeparatorTokenId!.Value];

        (_, int[] labels) = new MaskedLanguageModel(tokenizer, checkpoint.Config, 0.15, most).Hide(new TokenSequence(ids), new Random(3));

        Assert.Equal(expected, labels.Count(label => label != LossTerm.Ignored));
    }

    [Fact]
    public void What_is_hidden_is_drawn_from_seed_and_step_alone()
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        var objective = new MaskedLanguageModel(checkpoint.Tokenizer, checkpoint.Config);
        int[] Hide(int seed, int step) => objective.Hide(new TokenSequence([.. Enumerable.Range(5, 60)]), RandomState.OfStep(seed, step)).Read.Ids;

        Assert.Equal(Hide(1, 7), Hide(1, 7));
        Assert.NotEqual(Hide(1, 7), Hide(1, 8));
        Assert.NotEqual(Hide(1, 7), Hide(2, 7));
    }

    [Fact]
    public void A_tokenizer_without_a_mask_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nword\n");

        Assert.Contains("mask token", Assert.Throws<InvalidOperationException>(
            () => new MaskedLanguageModel(TextEncoder.FromFolder(folder.Folder), SampleNetworks.Tiny().Config)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert-mlm")]
    [InlineData("roberta-mlm")]
    public void The_references_loss_is_met(string name)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(name, "expected.json")));
        JsonElement item = expected.RootElement.GetProperty("cases").EnumerateArray().First(entry => entry.GetProperty("outputs").TryGetProperty("loss", out _));
        JsonElement inputs = item.GetProperty("inputs");
        using TaskModel network = TaskModel.Create(ModelConfig.FromFile(Shared.Golden(name, "config.json")), HeadKind.MaskedLanguageModel, Placement.Cpu);
        using var weights = SafetensorsFile.Open(Shared.Golden(name, "model.safetensors"));
        CheckpointLoader.Load(network, weights, [], [], seed: 0);
        network.eval();
        int[][] ids = Values("input_ids"), labels = Values("labels"), mask = Values("attention_mask");
        int[][]? segments = inputs.TryGetProperty("token_type_ids", out _) ? Values("token_type_ids") : null;

        LabelledBatch batch = MaskedLanguageModel.Batch(
            [.. ids.Select((row, i) => (new TokenSequence(Seen(row, i), segments is null ? null : Seen(segments[i], i)), Seen(labels[i], i)))],
            new NetworkInputs(network));
        HeadOutput output = network.forward(batch.Tokens);

        Assert.Equal(item.GetProperty("outputs").GetProperty("loss").GetProperty("data")[0].GetDouble(), LossTerm.Mean(batch.Terms, output).item<float>(), 2e-5);

        int[] Seen(int[] row, int i) => row[..mask[i].Sum()];

        int[][] Values(string key) => [.. inputs.GetProperty(key).GetProperty("data").EnumerateArray().Select(value => value.GetInt32())
            .Chunk(inputs.GetProperty(key).GetProperty("shape")[1].GetInt32())];
    }

    [Fact]
    public void It_learns_plain_text_that_lies_in_a_file_and_is_judged_by_its_loss()
    {
        var ml = new MLContext(1);
        IDataView texts = Texts(ml);
        var losses = new List<double>();
        var options = new MaskedLanguageModelOptions
        {
            MaxSteps = 120, BatchSize = 8, LearningRate = 5e-3, MaxTokens = 12, WarmupShare = 0.1, ValidationSet = texts,
            Progress = new Watcher(progress => losses.AddRange(progress.Validation is { } metrics ? [metrics["Loss"]] : [])),
        };

        using TaskModel network = new MaskedLanguageModelTrainer(ml, SampleNetworks.Tiny(), options).Fit(texts);

        Assert.Equal(HeadKind.MaskedLanguageModel, network.Head);
        Assert.True(losses[^1] < 0.6 * losses[0], $"The loss fell from {losses[0]} to {losses[^1]} only.");
    }

    [Fact]
    public void One_that_is_stopped_in_the_middle_of_an_epoch_continues_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        float[] Train(string? state, int? stopAt)
        {
            using var stop = new CancellationTokenSource();
            var options = new MaskedLanguageModelOptions
            {
                MaxSteps = 9, BatchSize = 3, MaxTokens = 12, LearningRate = 1e-2, StateFolder = state, CancellationToken = stop.Token, ValidationShare = 0.2,
                Progress = new Watcher(progress => { if (progress.Step == stopAt) { stop.Cancel(); } }),
            };
            using TaskModel network = new MaskedLanguageModelTrainer(ml, SampleNetworks.Tiny(), options).Fit(Texts(ml));
            return network.NamedParameters[0].Parameter.data<float>().ToArray();
        }
        float[] straight = Train(null, null);

        Assert.Throws<OperationCanceledException>(() => Train(folder.File("state"), 4));

        Assert.Equal(straight, Train(folder.File("state"), null));
    }

    [Fact]
    public void No_text_is_an_error_that_says_so()
    {
        var ml = new MLContext(1);
        var trainer = new MaskedLanguageModelTrainer(ml, SampleNetworks.Tiny(), new MaskedLanguageModelOptions());

        Assert.Contains("no text", Assert.Throws<InvalidOperationException>(
            () => trainer.Fit(ml.Data.LoadFromEnumerable(new[] { new Line(null), new Line("  ") }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_the_validation_set_is_said_of_it()
    {
        var ml = new MLContext(1);
        void Fit(IDataView set) => new MaskedLanguageModelTrainer(ml, SampleNetworks.Tiny(), new MaskedLanguageModelOptions { ValidationSet = set, MaxSteps = 1 }).Fit(Texts(ml)).Dispose();

        Assert.Contains("ValidationSet has no usable row: there is no row, or all have no text", Assert.Throws<InvalidOperationException>(
            () => Fit(ml.Data.LoadFromEnumerable(new[] { new Line(" ") }))).Message, StringComparison.Ordinal);
        Assert.StartsWith("ValidationSet: Could not find text column 'Text'", Assert.Throws<ArgumentOutOfRangeException>(
            () => Fit(ml.Transforms.DropColumns("Text").Append(ml.Transforms.CopyColumns("Other", "Dummy")).Fit(Other(ml)).Transform(Other(ml)))).Message, StringComparison.Ordinal);

        static IDataView Other(MLContext ml) => ml.Transforms.CopyColumns("Dummy", "Text").Fit(Texts(ml)).Transform(Texts(ml));
    }

    private static IDataView Texts(MLContext ml) => ml.Data.LoadFromEnumerable(
        new[] { SampleNetworks.Positive, SampleNetworks.Negative }.SelectMany(texts => texts).Select(text => new Line(text)));
}
