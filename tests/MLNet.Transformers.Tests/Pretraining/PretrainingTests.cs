using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Training;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

public sealed class PretrainingTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Objectives => ["masked", "next sentence", "causal", "denoising", "span corruption", "prefix", "deshuffling", "blank infilling"];

    public void Dispose() => _folder.Dispose();

    private static (Checkpoint Checkpoint, PretrainingObjective Objective) Named(string name) => name switch
    {
        "masked" => (SampleNetworks.Tiny(), new MaskedLanguageModelObjective { MaskedShare = 0.3 }),
        "next sentence" => (SampleNetworks.Tiny(), new MaskedLanguageModelObjective { NextSentence = true }),
        "denoising" => (PlainTexts.Small("bart"), new DenoisingObjective()),
        "span corruption" => (PlainTexts.Small("t5"), new SpanCorruptionObjective()),
        "prefix" => (PlainTexts.Small("t5 v1.1"), new PrefixLanguageModelObjective()),
        "deshuffling" => (PlainTexts.Small("t5"), new DeshufflingObjective()),
        "blank infilling" => (PlainTexts.Small("glm of 2022"), new BlankInfillingObjective()),
        _ => (PlainTexts.TinyLlama(), new CausalLanguageModelObjective()),
    };

    private static float[] Scores(MLContext ml, ITransformer model, IDataView data, string column = "Loss") =>
        [.. model.Transform(data).GetColumn<float>(column)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void It_learns_plain_text_scores_it_and_comes_back_from_a_zip(string name)
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named(name);
        IDataView texts = PlainTexts.Reviews(_ml);
        var losses = new List<double>();
        var options = new PretrainingOptions
        {
            MaxSteps = 150, BatchSize = 8, LearningRate = 5e-3, MaxTokens = 12, ValidationSet = texts,
            Progress = new Watcher(progress => losses.AddRange(progress.Validation is { } metrics ? [metrics["Loss"]] : [])),
        };
        using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, options).Fit(texts);

        Assert.True(losses[^1] < 0.7 * losses[0], $"The loss fell from {losses[0]} to {losses[^1]} only.");
        LanguageModelMetrics metrics = _ml.Transformers().EvaluateLanguageModel(model.Transform(texts));
        Assert.Equal(Math.Exp(metrics.Loss), metrics.Perplexity, 1e-9);
        Assert.Equal(10, metrics.Texts);
        Assert.InRange(metrics.Loss, 0.01, losses[0]);

        _ml.Transformers().SaveModel(model, texts.Schema, _folder.File("model.zip"));
        ITransformer loaded = _ml.Transformers().LoadModel(_folder.File("model.zip"), out _);
        Assert.Equal(Scores(_ml, model, texts), Scores(_ml, loaded, texts));
        Assert.Equal(Scores(_ml, model, texts).Select(loss => MathF.Exp(loss)), Scores(_ml, loaded, texts, "Perplexity"), (one, other) => Math.Abs(one - other) < 1e-3 * one);
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_text_of_nothing_has_no_token_and_a_score_does_not_depend_on_the_other_rows()
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("masked");
        using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, new() { MaxSteps = 1, MaxTokens = 12 }).Fit(PlainTexts.Reviews(_ml));

        IDataView scored = model.Transform(PlainTexts.Of(_ml, "i loved it", "", "a great film, a wonderful film, and great fun, and wonderful music"));

        float[] losses = [.. scored.GetColumn<float>("Loss")];
        Assert.Equal(Scores(_ml, model, PlainTexts.Of(_ml, "i loved it"))[0], losses[0]);
        Assert.True(float.IsNaN(losses[1]));
        int[] counts = [.. scored.GetColumn<int>("TokenCount")];
        Assert.Equal(0, counts[1]);
        Assert.True(counts[2] > counts[0]);
        Assert.Equal(2, _ml.Transformers().EvaluateLanguageModel(scored).Texts);
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void One_that_is_stopped_in_the_middle_of_an_epoch_continues_bit_for_bit(string name)
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named(name);
        float[] straight = Train(null, null);

        Assert.Throws<OperationCanceledException>(() => Train(_folder.File("state"), 4));
        Assert.True(Directory.Exists(_folder.File("state")));

        Assert.Equal(straight, Train(_folder.File("state"), null));
        Assert.False(Directory.Exists(_folder.File("state")));

        float[] Train(string? state, int? stopAt)
        {
            using var stop = new CancellationTokenSource();
            var options = new PretrainingOptions
            {
                MaxSteps = 9, BatchSize = 2, MaxTokens = 12, LearningRate = 1e-2, StateFolder = state, CancellationToken = stop.Token, ValidationShare = 0.2, TokensPerFile = 30,
                Progress = new Watcher(progress => { if (progress.Step == stopAt) { stop.Cancel(); } }),
            };
            using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, options).Fit(PlainTexts.Reviews(_ml));
            return Scores(_ml, model, PlainTexts.Reviews(_ml));
        }
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void One_that_falls_over_ten_times_comes_to_the_same_weights(string name)
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named(name);
        float[] straight = Train(_folder.File("straight"), 0);

        // Each run is thrown out of the loop a few steps further, where no state is written.
        for (int fall = 1; fall <= 10; fall++)
        {
            Assert.Throws<FormatException>(() => Train(_folder.File("state"), 2 * fall + 1));
        }

        Assert.Equal(straight, Train(_folder.File("state"), 0));

        float[] Train(string state, int fallsAt)
        {
            var options = new PretrainingOptions
            {
                MaxSteps = 26, BatchSize = 2, MaxTokens = 12, LearningRate = 1e-2, StateFolder = state, StateEverySteps = 2, ValidationShare = 0.2, ValidateEverySteps = 3,
                TokensPerFile = 30, Progress = new Watcher(progress => { if (progress.Step == fallsAt) { throw new FormatException(); } }),
            };
            using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, options).Fit(PlainTexts.Reviews(_ml));
            return Scores(_ml, model, PlainTexts.Reviews(_ml));
        }
    }

    [Fact]
    public void What_it_learnt_is_the_beginning_of_any_task_in_the_next_line()
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("masked");
        using PretrainingTransformer pretrained = _ml.Transformers().Pretraining(checkpoint, objective, new() { MaxSteps = 3 }).Fit(PlainTexts.Reviews(_ml));
        IDataView rows = SequenceClassification.Reviews.Keyed(_ml);

        using SequenceClassificationTransformer direct = Classify(pretrained.Checkpoint);
        pretrained.SaveCheckpoint(_folder.File("checkpoint"));
        using SequenceClassificationTransformer written = Classify(_folder.File("checkpoint"));
        using SequenceClassificationTransformer fresh = Classify(checkpoint);

        Assert.Equal(Answers(direct), Answers(written));
        Assert.NotEqual(Answers(direct), Answers(fresh));
        Checkpoint late = pretrained.Checkpoint;
        pretrained.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Classify(late));

        SequenceClassificationTransformer Classify(Checkpoint from) => _ml.Transformers().SequenceClassification(from, new() { MaxSteps = 1, Seed = 5 }).Fit(rows);

        float[] Answers(ITransformer model) => [.. model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score)];
    }

    [Fact]
    public void Tokens_that_are_kept_are_made_once()
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("causal");
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add(entry.Message);
        float[] first = Train(), second = Train();

        Assert.Equal(first, second);
        Assert.Single(log, line => line.Contains("tokens of 10 documents", StringComparison.Ordinal));
        Assert.Single(log, line => line.Contains("made of these texts before", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("tokens/s", StringComparison.Ordinal) && line.Contains("waiting for data", StringComparison.Ordinal));

        float[] Train()
        {
            using PretrainingTransformer model = _ml.Transformers()
                .Pretraining(checkpoint, objective, new() { Epochs = 2, MaxTokens = 12, TokenFolder = _folder.File("tokens"), TokensPerFile = 20 }).Fit(PlainTexts.Reviews(_ml));
            return Scores(_ml, model, PlainTexts.Reviews(_ml));
        }
    }

    [Fact]
    public void Stretches_of_a_document_are_learnt_as_one()
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("next sentence");
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add(entry.Message);
        PlainTexts.Stretch[] rows = [new() { Text = "a great film." }, new() { Text = "i loved it.", ContinuesDocument = true }, new() { Text = "a dull film." }];

        _ml.Transformers().Pretraining(checkpoint, objective, new() { MaxSteps = 1 }).Fit(_ml.Data.LoadFromEnumerable(rows)).Dispose();

        Assert.Contains(log, line => line.Contains("of 2 documents", StringComparison.Ordinal));
    }

    [Fact]
    public void A_document_is_held_out_with_all_its_stretches()
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("denoising");
        var log = new List<string>();
        _ml.Log += (_, entry) => log.Add(entry.Message);
        PlainTexts.Stretch[] rows = [.. Enumerable.Range(0, 8).Select(number => new PlainTexts.Stretch { Text = "a great film", ContinuesDocument = number % 4 != 0 })];

        _ml.Transformers().Pretraining(checkpoint, objective, new() { Epochs = 1, ValidationShare = 0.5 }).Fit(_ml.Data.LoadFromEnumerable(rows)).Dispose();

        Assert.Contains(log, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"texts are (\d+) tokens of 1 documents .*held out are \1 tokens of 1 documents"));
    }

    [Fact]
    public void A_tokenizer_that_cannot_be_saved_pretrains_all_the_same()
    {
        TextEncoder own = SampleNetworks.Tiny().Tokenizer;
        _folder.Write("vocab.txt", string.Join('\n', Enumerable.Range(0, own.MaxId + 1).Select(id => own.IdToToken(id))));
        var tokenizer = Microsoft.ML.Tokenizers.BertTokenizer.Create(_folder.File("vocab.txt"));
        var config = (BertConfig)SampleNetworks.Tiny().Config;

        using PretrainingTransformer model = _ml.Transformers()
            .Pretraining(Checkpoint.FromConfig(config, tokenizer), new MaskedLanguageModelObjective(), new() { MaxSteps = 1 }).Fit(PlainTexts.Reviews(_ml));

        Assert.All(Scores(_ml, model, PlainTexts.Reviews(_ml)), loss => Assert.True(loss > 0));
    }

    [Fact]
    public void Progress_tells_tokens_a_second_and_how_long_it_waited()
    {
        var seen = new List<TrainingProgress>();
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("masked");
        _ml.Transformers().Pretraining(checkpoint, objective, new() { MaxSteps = 5, Progress = new Watcher(seen.Add) }).Fit(PlainTexts.Reviews(_ml)).Dispose();

        Assert.All(seen, progress => Assert.True(progress.TokensPerSecond > 0 && progress.WaitingShare is >= 0 and <= 1));
    }

    [Fact]
    public void What_an_objective_needs_and_does_not_find_is_named()
    {
        _folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\ngreat\nfilm\n");
        Checkpoint bert = SampleNetworks.Tiny();
        var without = Checkpoint.FromConfig((BertConfig)bert.Config with { VocabularySize = 7 }, TextEncoder.FromFolder(_folder.Folder));

        Assert.Contains("mask token", Refused<InvalidOperationException>(without, new MaskedLanguageModelObjective()), StringComparison.Ordinal);
        Assert.Contains("'llama' has no head for MaskedLanguageModel", Refused<NotSupportedException>(PlainTexts.TinyLlama(), new MaskedLanguageModelObjective()), StringComparison.Ordinal);
        Assert.Contains("'bert' has no head for CausalLanguageModel", Refused<NotSupportedException>(bert, new CausalLanguageModelObjective()), StringComparison.Ordinal);
        Assert.Contains("MaskedShare", Refused<ArgumentOutOfRangeException>(bert, new MaskedLanguageModelObjective { MaskedShare = 0 }), StringComparison.Ordinal);
        Assert.Contains("MaxTokens is 4, of which 3", Refused<InvalidOperationException>(bert, new MaskedLanguageModelObjective { NextSentence = true }, maxTokens: 4), StringComparison.Ordinal);

        string Refused<T>(Checkpoint checkpoint, PretrainingObjective objective, int? maxTokens = null)
            where T : Exception => Assert.Throws<T>(() => _ml.Transformers().Pretraining(checkpoint, objective, new() { MaxTokens = maxTokens })).Message;
    }

    [Fact]
    public void Texts_that_teach_nothing_are_errors_that_say_why()
    {
        (Checkpoint bert, PretrainingObjective masked) = Named("masked");
        PretrainingObjective pairs = Named("next sentence").Objective;

        Assert.Contains("no text", Refused(masked, PlainTexts.Of(_ml, null, "  ")), StringComparison.Ordinal);
        Assert.Contains("one document", Refused(pairs, PlainTexts.Of(_ml, "a great film. i loved it.")), StringComparison.Ordinal);
        Assert.Contains("the longest of 2 has 1 tokens, and this objective needs 2", Refused(pairs, PlainTexts.Of(_ml, "a", "a")), StringComparison.Ordinal);
        Assert.Contains("ValidationShare is 0.1", Refused(masked, PlainTexts.Of(_ml, "a great film", "i loved it"), new() { ValidationShare = 0.1 }), StringComparison.Ordinal);
        Assert.Contains("ValidationSet has no usable row: there is no row, or all have no text", Refused(masked, PlainTexts.Reviews(_ml), new() { ValidationSet = PlainTexts.Of(_ml, " ") }), StringComparison.Ordinal);
        Assert.StartsWith("ValidationSet: Could not find text column 'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transformers()
            .Pretraining(bert, masked, new() { ValidationSet = _ml.Data.LoadFromEnumerable([new { Other = "a" }]) }).Fit(PlainTexts.Reviews(_ml))).Message, StringComparison.Ordinal);

        string Refused(PretrainingObjective objective, IDataView texts, PretrainingOptions? options = null)
        {
            Exception error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().Pretraining(bert, objective, options ?? new()).Fit(texts));
            return error.Message;
        }
    }

    [Fact]
    public void Training_is_cancelled_while_it_waits_for_texts()
    {
        using var stop = new CancellationTokenSource(200);
        (Checkpoint checkpoint, PretrainingObjective objective) = Named("masked");
        IEnumerable<PlainTexts.Line> Endless()
        {
            while (true)
            {
                yield return new() { Text = "a great film" };
                Thread.Sleep(stop.IsCancellationRequested ? 0 : 1);
            }
        }
        var clock = Stopwatch.StartNew();

        Assert.Throws<OperationCanceledException>(() => _ml.Transformers()
            .Pretraining(checkpoint, objective, new() { Epochs = 1, CancellationToken = stop.Token }).Fit(_ml.Data.LoadFromEnumerable(Endless())));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Defaults_are_those_of_berts_pretraining()
    {
        var options = new PretrainingOptions();
        Assert.Equal(("Text", "Loss", "Perplexity", "TokenCount"), (options.TextColumnName, options.LossColumnName, options.PerplexityColumnName, options.TokenCountColumnName));
        Assert.Equal((1e-4, null, 1L << 25), (options.LearningRate, options.TokenFolder, options.TokensPerFile));
        var masked = new MaskedLanguageModelObjective();
        Assert.Equal((0.15, null, false, false, 0.1), (masked.MaskedShare, masked.MostPredictions, masked.WholeWords, masked.NextSentence, masked.ShortShare));
        Assert.False(new CausalLanguageModelObjective().AttendsAcrossDocuments);
    }
}
