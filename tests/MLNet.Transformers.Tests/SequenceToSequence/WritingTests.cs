using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Training;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>How texts are written: options of generation, seeds, streams, validation by what is written.</summary>
public class WritingTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Another_way_to_write_in_validation_is_another_training()
    {
        Checkpoint checkpoint = Fresh("bart");
        string Identity(int beams)
        {
            SequenceToSequenceOptions options = TextOptions.Checked(new SequenceToSequenceOptions { Generation = new() { Beams = beams } });
            HeadSpec head = WritingHead.Of(checkpoint.Config, "");
            var plan = new WritingPlan(checkpoint, head, options, options.Writing, ((IHostEnvironment)new MLContext()).Register("test"));
            var writer = new SourceWriter(checkpoint.Tokenizer, checkpoint.Config, plan.Settings);
            var loss = new LossValidation<SourceTarget>(new TargetObjective(writer.Layout, 0), [], options.BatchLimits, seed: 1);
            return new WrittenValidation(loss, [], writer, options.BatchLimits, SequenceToSequenceMetric.Bleu).Identity;
        }
        Assert.NotEqual(Identity(1), Identity(2));
        Assert.Equal(Identity(2), Identity(2));
    }

    [Fact]
    public void A_conversation_is_learnt_and_ends_with_its_turn()
    {
        SequenceToSequenceOptions options = Options();
        (options.UseChatTemplate, options.SystemMessage) = (true, "be brief");
        using SequenceToSequenceTransformer model = Train(_ml, Fresh("llama", Chat, ("max_position_embeddings", 40)), options);

        Assert.Equal(Rows.Select(row => row.Target), Texts(_ml, model, [.. Rows.Select(row => row.Source)]));
    }

    [Fact]
    public void What_the_options_say_of_generation_is_saved_with_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        SequenceToSequenceOptions options = Options(1);
        options.Generation = new() { Beams = 3, LengthPenalty = 0.5, EarlyStopping = EarlyStopping.Never, NoRepeatNgramSize = 2, BadWords = [[5, 6]], StopStrings = ["hund"] };
        using SequenceToSequenceTransformer model = Train(_ml, options: options);
        model.SaveCheckpoint(folder.Folder);
        JsonNode saved = JsonNode.Parse(File.ReadAllText(folder.File("generation_config.json")))!;

        Assert.Equal(3, (int)saved["num_beams"]!);
        Assert.Equal(0.5, (double)saved["length_penalty"]!);
        Assert.Equal("never", (string)saved["early_stopping"]!);
        Assert.Equal("[[5,6]]", saved["bad_words_ids"]!.ToJsonString());
        Assert.Equal("[\"hund\"]", saved["stop_strings"]!.ToJsonString());
        Assert.Equal(8, (int)saved["max_new_tokens"]!);
        Assert.Equal($"[{WordTokenizer.Id("[SEP]")}]", saved["eos_token_id"]!.ToJsonString());
    }

    [Fact]
    public void A_checkpoints_own_generation_config_is_respected_and_kept()
    {
        using var folder = new TemporaryFolder();
        using SequenceToSequenceTransformer model = Train(_ml);
        model.SaveCheckpoint(folder.Folder);
        folder.Write("generation_config.json", """{"max_new_tokens": 2, "num_beams": 2, "some_key": 1, "eos_token_id": 3}""");

        using SequenceToSequenceTransformer applied = _ml.Transformers().ApplySequenceToSequence(folder.Folder).Fit(Data(_ml));
        using SequenceToSequenceTransformer asked = _ml.Transformers().ApplySequenceToSequence(folder.Folder, new() { Generation = new() { MaxNewTokens = 3 } }).Fit(Data(_ml));
        applied.SaveCheckpoint(folder.File("again"));

        Assert.Equal("der hund", applied.Generate("the dog eats the bread", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("der hund frisst", asked.Generate("the dog eats the bread", cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("\"some_key\": 1", File.ReadAllText(Path.Combine(folder.File("again"), "generation_config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bart")]
    [InlineData("llama")]
    public async Task What_is_drawn_depends_on_the_seed_and_the_source_alone(string row)
    {
        SequenceToSequenceOptions options = Options(2);
        options.Generation = new() { Sample = true, Temperature = 3, EosIds = [], Seed = 4 };
        using SequenceToSequenceTransformer model = Train(_ml, Fresh(row), options);
        string[] sources = ["a dog runs", "snow", "a dog runs", "the cat runs", "two girls"];
        string[] texts = Texts(_ml, model, sources);

        Assert.Equal(texts, Texts(_ml, model, sources));
        Assert.Equal(texts.Reverse(), Texts(_ml, model, [.. sources.Reverse()]));
        Assert.Equal(texts[0], texts[2]);
        Assert.True(texts.Distinct().Count() > 2);
        Assert.Equal(texts[1], await Streamed(model, "snow"));
        Assert.NotEqual(texts[1], await Streamed(model, "snow", new() { Seed = 5 }));
    }

    [Fact]
    public async Task A_stream_ends_where_it_is_cancelled_or_the_transformer_is_disposed()
    {
        SequenceToSequenceTransformer model = Train(_ml);
        var endless = new GenerationOptions { MaxNewTokens = 15, EosIds = [], MinNewTokens = 15 };
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in model.GenerateAsync("a dog runs", endless, cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (string _ in model.GenerateAsync("a dog runs", endless, TestContext.Current.CancellationToken))
            {
                model.Dispose();
            }
        });
        Assert.Throws<ObjectDisposedException>(() => model.GenerateAsync("a dog runs", cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => model.Generate("a dog runs", cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Beams_cannot_be_read_as_they_are_written()
    {
        using SequenceToSequenceTransformer model = Train(_ml, options: Options(1));

        Assert.Contains("Beams is 2", Assert.Throws<ArgumentException>(() => model.GenerateAsync("a dog", new() { Beams = 2 }, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_write_the_same()
    {
        using SequenceToSequenceTransformer model = Train(_ml, options: Options(5));
        string[] texts = Texts(_ml, model, [.. Rows.Select(row => row.Source)]);

        Parallel.For(0, 4, _ => Assert.Equal(texts, Texts(_ml, model, [.. Rows.Select(row => row.Source)])));
    }

    [Theory]
    [InlineData(SequenceToSequenceMetric.Loss, "Perplexity")]
    [InlineData(SequenceToSequenceMetric.Bleu, "RougeLsum")]
    [InlineData(SequenceToSequenceMetric.Chrf, "Rouge1")]
    [InlineData(SequenceToSequenceMetric.RougeL, "Rouge2")]
    public void Epochs_are_judged_by_loss_or_by_what_is_written(SequenceToSequenceMetric metric, string also)
    {
        SequenceToSequenceOptions options = Options(40);
        (options.ValidationMetric, options.ValidationSet) = (metric, Data(_ml));
        var seen = new List<IReadOnlyDictionary<string, double>>();
        options.Progress = new Watched(progress => seen.AddRange(progress.Validation is { } validation ? [validation] : []));
        using SequenceToSequenceTransformer model = Train(_ml, options: options);

        Assert.Equal(40, seen.Count);
        Assert.All(seen, validation => Assert.True(validation.ContainsKey(metric.ToString()) && validation.ContainsKey(also) && validation.ContainsKey("Loss")));
        double best = seen.Max(validation => metric == SequenceToSequenceMetric.Loss ? -validation["Loss"] : validation[metric.ToString()]);
        Assert.True(metric == SequenceToSequenceMetric.Loss ? best > -1 : best > 0.99 * seen[^1][metric.ToString()]);
        Assert.True(seen[^1]["Loss"] < seen[0]["Loss"] / 5);
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("llama")]
    [InlineData("glm of 2022")]
    [InlineData("chatglm-6b")]
    public void Training_goes_on_after_what_was_written_was_judged(string row)
    {
        SequenceToSequenceOptions options = Options(3), plain = Options(3);
        (options.ValidationMetric, options.ValidationSet) = (SequenceToSequenceMetric.Chrf, Data(_ml));
        double judged = 0, alone = 0;
        options.Progress = new Watched(progress => judged = progress.Loss);
        plain.Progress = new Watched(progress => alone = progress.Loss);
        using SequenceToSequenceTransformer first = Train(_ml, Fresh(row), options), second = Train(_ml, Fresh(row), plain);

        Assert.Equal(alone, judged, 1e-5);
    }

    [Fact]
    public void Smoothed_targets_make_less_certain_networks()
    {
        SequenceToSequenceOptions smooth = Options(30);
        smooth.LabelSmoothing = 0.3;
        Assert.True(LastLoss(smooth) > LastLoss(Options(30)) + 0.5);

        double LastLoss(SequenceToSequenceOptions options)
        {
            double loss = 0;
            options.Progress = new Watched(progress => loss = progress.Loss);
            using SequenceToSequenceTransformer model = Train(_ml, options: options);
            return loss;
        }
    }

    private sealed class Watched(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
