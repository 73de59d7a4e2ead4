using Microsoft.ML;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Prediction engines over one classifier.</summary>
public class EngineTests
{
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
}
