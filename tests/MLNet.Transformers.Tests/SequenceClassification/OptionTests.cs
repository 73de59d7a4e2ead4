using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>What options change in the scores, and what later changes of them do not.</summary>
public class OptionTests
{
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
}
