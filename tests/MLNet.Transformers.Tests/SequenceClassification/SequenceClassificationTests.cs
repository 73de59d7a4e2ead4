using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

public class SequenceClassificationTests
{
    [Fact]
    public void It_learns_ten_reviews_by_heart_and_ML_NET_evaluates_it()
    {
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml);

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(Keyed(ml)));

        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(["bad", "good"], model.Labels);
    }

    [Fact]
    public void Cross_validation_runs()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = Options(40);
        options.LearningRate = 5e-3;
        var results = ml.MulticlassClassification.CrossValidate(
            Keyed(ml, [.. Rows, .. Rows, .. Rows]), ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options), numberOfFolds: 3, seed: 2);

        // Each row stands in the data three times, so that a fold's rows were learnt in another.
        Assert.Equal(3, results.Count);
        Assert.All(results, result => Assert.True(result.Metrics.MicroAccuracy > 0.7, $"accuracy {result.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Batched_and_single_scores_are_the_same_and_sum_to_one()
    {
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(2));
        string?[] texts = ["great", "a dull film", null, "", "   ", new string('x', 100_000), "lone \ud800 surrogate", "wonderful acting and great music, i loved it"];
        float[][] batched = Scores(ml, model, texts);
        using var engine = ml.Model.CreatePredictionEngine<Review, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        for (int i = 0; i < texts.Length; i++)
        {
            float[] single = [.. engine.Predict(new Review { Text = texts[i] }).Score];
            Assert.All(single.Zip(batched[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(1, single.Sum(), 1e-5f);
        }
        Assert.Equal(batched[2], batched[3]);
        Assert.Equal(batched[2], batched[4]);
    }

    [Fact]
    public void A_saved_pipeline_scores_the_same_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(2));
        ml.Transformers().SaveModel(model, null, folder.File("model.zip"));

        using var loaded = (SequenceClassificationTransformer)ml.Model.Load(folder.File("model.zip"), out _);

        Assert.Equal(Scores(ml, model, "great", "dull"), Scores(ml, loaded, "great", "dull"));
        Assert.Equal(model.Labels, loaded.Labels);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        string file = folder.Write("model.zip", "the old one");
        SequenceClassificationTransformer model = Train(ml, Options(1));
        model.Dispose();

        Assert.ThrowsAny<Exception>(() => ml.Transformers().SaveModel(model, null, file));

        Assert.Equal("the old one", File.ReadAllText(file));
        Assert.Equal(["model.zip"], folder.Names);
    }

    [Fact]
    public void A_written_checkpoint_is_applied_with_its_own_labels()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(3));
        model.SaveCheckpoint(folder.File("checkpoint"));

        IDataView rows = ml.Data.LoadFromEnumerable(Rows);
        using SequenceClassificationTransformer applied =
            ml.Transformers().ApplySequenceClassification(folder.File("checkpoint"), new() { MaxTokens = 16 }).Fit(rows);

        Assert.Equal(Scores(model.Transform(rows)), Scores(applied.Transform(rows)));
        Assert.Equal(["bad", "good"], applied.Labels);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("multi_label_classification")]
    public void Heads_for_other_problems_are_refused_by_name(string problem)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(1));
        model.SaveCheckpoint(folder.Folder);
        string config = folder.File("config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(config))!;
        json["problem_type"] = problem;
        File.WriteAllText(config, json.ToJsonString());

        Assert.Contains(problem, Assert.Throws<NotSupportedException>(() => ml.Transformers().ApplySequenceClassification(folder.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_with_the_keys_labels_is_kept_and_put_in_their_order()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(3));
        model.SaveCheckpoint(folder.Folder);
        List<string> log = Log(ml);
        SequenceClassificationOptions still = Options(1);
        still.LearningRate = 1e-30;

        using SequenceClassificationTransformer again = ml.Transformers().SequenceClassification(folder.Folder, still).Fit(Keyed(ml, keys: "good,bad"));

        Assert.Equal(["good", "bad"], again.Labels);
        Assert.Equal(Scores(ml, model, "great")[0].Reverse(), Scores(ml, again, "great")[0]);
        Assert.Contains(log, line => line.Contains("is kept", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_head_is_replaced_or_refused()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(1));
        model.SaveCheckpoint(folder.Folder);
        List<string> log = Log(ml);
        SequenceClassificationOptions keep = Options(1);
        keep.Head = HeadSource.Keep;

        using SequenceClassificationTransformer replaced =
            ml.Transformers().SequenceClassification(folder.Folder, Options(1)).Fit(Keyed(ml, keys: "bad,good,neutral"));

        Assert.Equal(3, replaced.Labels.Count);
        Assert.Contains(log, line => line.Contains("fresh head for sequence classification with 3 labels", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => ml.Transformers().SequenceClassification(folder.Folder, keep).Fit(Keyed(ml, keys: "bad,good,neutral")));
        Assert.Throws<InvalidOperationException>(() => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), keep).Fit(Keyed(ml)));
    }

    [Fact]
    public void Rows_without_a_known_label_are_skipped_and_counted()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        IDataView data = Keyed(ml, [.. Rows, new Review { Text = "great", Sentiment = "unheard of" }, new Review { Text = "dull", Sentiment = "" }]);

        using SequenceClassificationTransformer model = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), Options(1)).Fit(data);

        Assert.Contains(log, line => line.StartsWith("2 training rows have no label", StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_that_are_too_long_are_cut_and_counted()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        using SequenceClassificationTransformer model = Train(ml, Options(1));

        Scores(ml, model, "great", string.Join(' ', Enumerable.Repeat("great", 50)));

        Assert.Contains(log, line => line == "1 of 2 rows were longer than 16 tokens and were cut.");
    }

    [Fact]
    public void Pairs_are_read_from_two_columns()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = Options(3);
        options.TextPairColumnName = nameof(Review.Pair);
        using SequenceClassificationTransformer model = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Keyed(ml));

        float[][] scores = Scores(model.Transform(ml.Data.LoadFromEnumerable(new Review[]
        {
            new() { Text = "great", Pair = "music" }, new() { Text = "great", Pair = "dull plot" }, new() { Text = "great", Pair = null },
        })));

        Assert.NotEqual(scores[0], scores[1]);
        Assert.All(scores.SelectMany(row => row), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void The_label_is_not_needed_for_prediction()
    {
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(1));

        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(new[] { new { Text = "great" } }));

        Assert.Single(Scores(scored));
    }

    [Fact]
    public void Engines_on_several_threads_share_one_network()
    {
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(2));
        float[] expected = Scores(ml, model, "great music")[0];

        Parallel.For(0, 4, _ =>
        {
            using var engine = ml.Model.CreatePredictionEngine<Review, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
            for (int i = 0; i < 20; i++)
            {
                Assert.All(engine.Predict(new Review { Text = "great music" }).Score.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
            }
        });
    }

    [Fact]
    public void One_engines_end_is_not_anothers()
    {
        var ml = new MLContext(1);
        SequenceClassificationTransformer model = Train(ml, Options(1));
        var first = ml.Model.CreatePredictionEngine<Review, Answer>(model);
        var second = ml.Model.CreatePredictionEngine<Review, Answer>(model);
        first.Dispose();

        Assert.Equal(2, second.Predict(new Review { Text = "great" }).Score.Length);
        Assert.Throws<ObjectDisposedException>(() => ml.Model.CreatePredictionEngine<Review, Answer>(model));
        second.Dispose();
        Assert.Contains(
            nameof(SequenceClassificationTransformer),
            Assert.ThrowsAny<Exception>(() => second.Predict(new Review { Text = "great" })).GetBaseException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_bfloat16_it_computes_nearly_the_same_and_not_the_same()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        float[][] Train(Precision precision)
        {
            SequenceClassificationOptions options = Options(2);
            options.LearningRate = 5e-3;
            options.Precision = precision;
            using SequenceClassificationTransformer model = Reviews.Train(ml, options);
            float[][] scores = Scores(model.Transform(Keyed(ml)));
            ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
            using var loaded = (SequenceClassificationTransformer)ml.Model.Load(folder.File("model.zip"), out _);
            Assert.Equal(scores, Scores(loaded.Transform(Keyed(ml))));
            return scores;
        }
        float[][] full = Train(Precision.Float32), half = Train(Precision.BFloat16);

        Assert.NotEqual(full, half);
        Assert.All(full.Zip(half), pair => Assert.Equal(pair.First[0], pair.Second[0], 0.05f));
    }

    [Fact]
    public void Applied_in_bfloat16_scores_differ_a_little()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(2));
        model.SaveCheckpoint(folder.Folder);
        float[][] Apply(Precision precision)
        {
            using SequenceClassificationTransformer applied = ml.Transformers().ApplySequenceClassification(folder.Folder, new() { Precision = precision }).Fit(Keyed(ml));
            return Scores(applied.Transform(Keyed(ml)));
        }
        float[][] full = Apply(Precision.Float32), half = Apply(Precision.BFloat16);

        Assert.NotEqual(full, half);
        Assert.All(full.Zip(half), pair => Assert.Equal(pair.First[0], pair.Second[0], 0.05f));
    }

    [Fact]
    public void Smoothed_labels_make_less_certain_probabilities()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions plain = Options(80), smoothed = Options(80);
        plain.LearningRate = smoothed.LearningRate = 5e-3;
        smoothed.LabelSmoothing = 0.5;
        using SequenceClassificationTransformer sharp = Train(ml, plain), soft = Train(ml, smoothed);

        double Certainty(SequenceClassificationTransformer model) => Scores(model.Transform(Keyed(ml))).Average(row => row.Max());
        // A quarter of the probability is to go to the other class.
        Assert.InRange(Certainty(soft), 0.6, 0.85);
        Assert.True(Certainty(sharp) > 0.9, $"{Certainty(sharp)}");
    }

    [Fact]
    public void Of_a_pair_the_longer_text_is_cut()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = Options(3);
        options.TextPairColumnName = nameof(Review.Pair);
        using SequenceClassificationTransformer model = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Keyed(ml));
        string longText = string.Join(' ', Enumerable.Repeat("great", 50));

        float[][] scores = Scores(model.Transform(ml.Data.LoadFromEnumerable(new Review[]
        {
            new() { Text = "dull", Pair = longText }, new() { Text = "music", Pair = longText }, new() { Text = longText, Pair = "dull" }, new() { Text = longText, Pair = "music" },
        })));

        Assert.NotEqual(scores[0], scores[1]);
        Assert.NotEqual(scores[2], scores[3]);
    }

    [Fact]
    public void Options_are_copied_when_they_are_given()
    {
        var ml = new MLContext(1);
        var weights = new Dictionary<string, double> { ["bad"] = 1 };
        SequenceClassificationOptions options = Options(2);
        options.ClassWeights = weights;
        SequenceClassificationTrainer first = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options);
        float[][] expected = Scores(first.Fit(Keyed(ml)).Transform(Keyed(ml)));

        (options.TextColumnName, options.Epochs, options.BatchSize, options.LearningRate) = ("Elsewhere", 0, -1, 7);
        weights["bad"] = -100;
        weights["unheard of"] = 1;

        Assert.Equal(expected, Scores(first.Fit(Keyed(ml)).Transform(Keyed(ml))));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options));
    }

    [Fact]
    public void Applied_options_are_copied_too()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(1));
        model.SaveCheckpoint(folder.Folder);
        var options = new ApplySequenceClassificationOptions();
        SequenceClassificationEstimator estimator = ml.Transformers().ApplySequenceClassification(folder.Folder, options);

        (options.TextColumnName, options.BatchSize) = ("Elsewhere", 0);

        using SequenceClassificationTransformer applied = estimator.Fit(Keyed(ml));
        Assert.Equal(Rows.Length, Scores(applied.Transform(Keyed(ml))).Length);
    }

    [Fact]
    public void An_engine_says_once_that_texts_are_cut()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        using SequenceClassificationTransformer model = Train(ml, Options(1));
        using var engine = ml.Model.CreatePredictionEngine<Review, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        engine.Predict(new Review { Text = "great" });
        Assert.DoesNotContain(log, line => line.Contains("were cut", StringComparison.Ordinal));
        for (int i = 0; i < 5; i++)
        {
            engine.Predict(new Review { Text = string.Join(' ', Enumerable.Repeat("great", 50)) });
        }

        Assert.Single(log, line => line == "1 of 2 rows were longer than 16 tokens and were cut.");
    }

    [Theory]
    [InlineData(DataKind.Byte)]
    [InlineData(DataKind.UInt16)]
    [InlineData(DataKind.UInt64)]
    public void Keys_of_any_width_are_labels(DataKind kind)
    {
        var ml = new MLContext(1);
        IDataView rows = Keyed(ml);
        IDataView data = ml.Transforms.Conversion.MapKeyToValue("Number", "Label").Append(ml.Transforms.Conversion.ConvertType("Label", "Label", kind)).Fit(rows).Transform(rows);
        var type = Assert.IsType<KeyDataViewType>(data.Schema["Label"].Type);
        Assert.NotEqual(typeof(uint), type.RawType);

        using SequenceClassificationTransformer model = ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), Options()).Fit(data);

        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy);
    }
}
