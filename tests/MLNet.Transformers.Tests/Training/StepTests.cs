using Microsoft.ML;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.Training;

/// <summary>What one step of training does with its rows.</summary>
public class StepTests
{
    [Fact]
    public void Class_weights_move_the_decision()
    {
        double Good(double? bad = null, double good = 1)
        {
            SequenceClassificationOptions options = Options();
            options.ClassWeights = bad is { } weight ? new Dictionary<string, double> { ["bad"] = weight, ["good"] = good } : null;
            return Train(options, "some film").Single()[1];
        }

        Assert.True(Good(1, 20) > Good() + 0.05);
        Assert.True(Good(20) < Good() - 0.05);
    }

    [Fact]
    public void Accumulated_batches_are_one_large_batch()
    {
        SequenceClassificationOptions large = Options(batchSize: 10), small = Options(batchSize: 5);
        small.AccumulationSteps = 2;

        Networks.AssertClose([.. Train(large).SelectMany(row => row)], [.. Train(small).SelectMany(row => row)], 1e-4);
        Assert.NotEqual(Train(large), Train(Options(batchSize: 5)));
    }

    [Fact]
    public void A_clipped_gradient_moves_less()
    {
        SequenceClassificationOptions still = Reviews.Options(), clipped = Reviews.Options(), free = Reviews.Options();
        still.LearningRate = 1e-12;
        // Far below AdamW's epsilon of 1e-8, which then outweighs the gradient.
        clipped.GradientClip = 1e-13;
        free.GradientClip = null;
        float[] untrained = [.. Train(still).SelectMany(row => row)];

        Networks.AssertClose(untrained, [.. Train(clipped).SelectMany(row => row)], 1e-3);
        Assert.Contains(Train(free).SelectMany(row => row).Zip(untrained, (a, b) => Math.Abs(a - b)), difference => difference > 0.05);
    }

    [Fact]
    public void A_budget_of_tokens_makes_the_batches()
    {
        var steps = new List<int>();
        SequenceClassificationOptions options = Options();
        options.MaxTokensPerBatch = 14;
        options.Epochs = 20;
        options.Progress = new Watcher(progress => steps.Add(progress.Step));

        var ml = new MLContext(2);
        using SequenceClassificationTransformer model = Reviews.Train(ml, options);

        Assert.True(steps[^1] > 20 * 3, $"{steps[^1]} steps");
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(Reviews.Keyed(ml))).MicroAccuracy);
    }

    private static SequenceClassificationOptions Options(int batchSize = 5) =>
        new() { Epochs = 4, BatchSize = batchSize, LearningRate = 5e-3, MaxTokens = 16, WarmupShare = 0 };

    private static float[][] Train(SequenceClassificationOptions options, params string[] texts)
    {
        var ml = new MLContext(2);
        using SequenceClassificationTransformer model = Reviews.Train(ml, options);
        return Reviews.Scores(ml, model, texts.Length == 0 ? ["great", "dull", "a wonderful plot"] : texts);
    }
}
