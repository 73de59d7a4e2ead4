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

    [Fact]
    public void A_head_for_several_numbers_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        using SequenceClassificationTransformer model = Train(ml, Options(1));
        model.SaveCheckpoint(folder.Folder);
        string config = folder.File("config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(config))!;
        json["problem_type"] = "regression";
        File.WriteAllText(config, json.ToJsonString());

        Assert.Contains("2 numbers", Assert.Throws<NotSupportedException>(() => ml.Transformers().ApplySequenceClassification(folder.Folder)).Message, StringComparison.Ordinal);
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
