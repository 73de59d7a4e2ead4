using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Texts of any length, read in windows.</summary>
public class LongTextTests
{
    // In a window of 8 tokens, six of which are the text's, the last word is in the last window alone.
    private static string Long(string last) => string.Join(' ', Enumerable.Repeat("the film", 12)) + " " + last;

    [Theory]
    [InlineData(LongTexts.MeanOfWindows)]
    [InlineData(LongTexts.MaxOfWindows)]
    public void What_stands_at_the_end_counts(LongTexts longTexts)
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        using SequenceClassificationTransformer windows = Train(ml, LongOptions(longTexts)), cut = Train(ml, LongOptions(LongTexts.Cut));

        float[][] read = Scores(ml, windows, Long("great"), Long("dull")), unread = Scores(ml, cut, Long("great"), Long("dull"));

        Assert.Equal(unread[0], unread[1]);
        Assert.True(Math.Abs(read[0][0] - read[1][0]) > 0.005, $"{read[0][0]} {read[1][0]}");
        Assert.All(read, scores => Assert.Equal(1, scores.Sum(), 1e-5f));
        Assert.Contains(log, line => line.StartsWith("2 of 2 rows were longer than 8 tokens and were read in ", StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_of_windows_are_pooled_before_they_become_probabilities()
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        using SequenceClassificationTransformer model = Train(ml, Options(3));
        model.SaveCheckpoint(folder.Folder);
        using SequenceClassificationTransformer windows = ml.Transformers().ApplySequenceClassification(
            folder.Folder, new() { MaxTokens = 8, LongTexts = LongTexts.MeanOfWindows }).Fit(Keyed(ml));
        string[] parts = ["great film great film great film", "dull music dull music dull music", "plot plot plot"];

        double[][] logits = [.. Scores(ml, windows, parts).Select(scores => scores.Select(score => Math.Log(score)).ToArray())];
        float[] whole = Scores(ml, windows, string.Join(' ', parts))[0];

        // Logarithms of probabilities are logits but for a number of their own a window: their differences are pooled as they are.
        Assert.Equal(logits.Average(window => window[1] - window[0]), Math.Log(whole[1] / whole[0]), 1e-4);
        Assert.Equal(1, whole.Sum(), 1e-5f);
    }

    [Fact]
    public void Windows_of_pairs_need_room_for_a_token_of_each_text()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = Options(1);
        (options.TextPairColumnName, options.LongTexts, options.MaxTokens) = ("TextPair", LongTexts.MeanOfWindows, 4);
        var apply = new ApplySequenceClassificationOptions { TextPairColumnName = "TextPair", LongTexts = LongTexts.MaxOfWindows, MaxTokens = 4 };

        Assert.Contains("MaxTokens is 4", Assert.Throws<ArgumentOutOfRangeException>(
            () => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options)).Message, StringComparison.Ordinal);
        Assert.Contains("MaxTokens is 4", Assert.Throws<ArgumentOutOfRangeException>(
            () => ml.Transformers().ApplySequenceClassification(SampleNetworks.Tiny(), apply)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LongTexts.MeanOfWindows)]
    [InlineData(LongTexts.MaxOfWindows)]
    public void Numbers_of_windows_are_averaged_or_the_highest_counts(LongTexts longTexts)
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        using SequenceClassificationTransformer model = Examples.Train(ml, nameof(Examples.Example.Number), Examples.Options(5));
        model.SaveCheckpoint(folder.Folder);
        using SequenceClassificationTransformer windows = ml.Transformers().ApplySequenceClassification(
            folder.Folder, new() { MaxTokens = 5, LongTexts = longTexts, BatchSize = 2 }).Fit(Examples.Data(ml, nameof(Examples.Example.Number)));
        string[] parts = ["great film great", "dull music dull", "plot plot"];

        float[] each = Numbers(parts), whole = Numbers(string.Join(' ', parts));

        Assert.Equal(longTexts == LongTexts.MeanOfWindows ? each.Average() : each.Max(), whole[0], 1e-5f);
        Assert.True(each.Distinct().Count() == 3);

        float[] Numbers(params string[] texts) =>
            [.. Examples.Answers(windows.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new Review { Text = text })))).Select(answer => answer.Score[0])];
    }

    [Fact]
    public void Of_a_pair_the_longer_text_is_read_in_windows()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = LongOptions(LongTexts.MeanOfWindows);
        (options.TextPairColumnName, options.MaxTokens) = (nameof(Review.Pair), 12);
        using SequenceClassificationTransformer model = Train(ml, options);

        float[][] scores = Scores(model.Transform(ml.Data.LoadFromEnumerable(new Review[]
        {
            new() { Text = "music", Pair = Long("great") }, new() { Text = "music", Pair = Long("dull") },
            new() { Text = Long("great"), Pair = "music" }, new() { Text = Long("dull"), Pair = "music" }, new() { Text = Long("dull"), Pair = Long("great") },
        })));

        Assert.NotEqual(scores[0], scores[1]);
        Assert.NotEqual(scores[2], scores[3]);
        Assert.All(scores.SelectMany(row => row), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Windows_are_kept_by_a_saved_pipeline_and_an_engine()
    {
        var ml = new MLContext(1);
        using var folder = new TemporaryFolder();
        using SequenceClassificationTransformer model = Train(ml, LongOptions(LongTexts.MaxOfWindows));
        ml.Transformers().SaveModel(model, Keyed(ml).Schema, folder.File("model.zip"));

        using var loaded = (SequenceClassificationTransformer)ml.Model.Load(folder.File("model.zip"), out _);
        using var engine = ml.Model.CreatePredictionEngine<Review, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });

        float[] expected = Scores(ml, model, Long("great"))[0];
        Assert.Equal(expected, Scores(ml, loaded, Long("great"))[0]);
        Assert.All(engine.Predict(new Review { Text = Long("great") }).Score.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void Validation_judges_whole_texts()
    {
        var ml = new MLContext(1);
        SequenceClassificationOptions options = LongOptions(LongTexts.MaxOfWindows);
        options.ValidationSet = Keyed(ml, [new Review { Text = Long("great"), Sentiment = "good" }, new Review { Text = Long("dull"), Sentiment = "bad" }]);
        List<string> log = Log(ml);

        using SequenceClassificationTransformer model = Train(ml, options);

        Assert.Contains(log, line => line.StartsWith("Training on 10 rows, validating on 2", StringComparison.Ordinal));
        double best = ml.MulticlassClassification.Evaluate(model.Transform(options.ValidationSet)).MicroAccuracy;
        Assert.Contains(log, line => line.StartsWith($"Validation: Accuracy {best.ToString("F4", System.Globalization.CultureInfo.InvariantCulture)}", StringComparison.Ordinal));
    }

    private static SequenceClassificationOptions LongOptions(LongTexts longTexts)
    {
        SequenceClassificationOptions options = Options();
        (options.LongTexts, options.MaxTokens, options.Stride) = (longTexts, 8, 2);
        return options;
    }
}
