using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models.T5;

namespace MLNet.Transformers.Tests.Pretraining;

public class DropoutFreeStepsTests
{
    [Fact]
    public void The_last_steps_are_without_dropout_where_that_is_asked_for()
    {
        float[] none = Losses(dropout: 0, share: 0);

        Assert.Equal(none, Losses(0.5, 1));
        Assert.NotEqual(none, Losses(0.5, 0));
        Assert.NotEqual(none, Losses(0.5, 0.5));
        Assert.NotEqual(Losses(0.5, 0), Losses(0.5, 0.5));
    }

    [Fact]
    public void Their_share_is_checked_and_a_state_belongs_to_it()
    {
        Assert.Contains("DropoutFreeShare", Assert.Throws<ArgumentOutOfRangeException>(() => Losses(0, 1.5)).Message, StringComparison.Ordinal);
        Assert.NotEqual(new PretrainingOptions().Identity, new PretrainingOptions { DropoutFreeShare = 0.1 }.Identity);
        Assert.Equal(0, new PretrainingOptions().DropoutFreeShare);
    }

    private static float[] Losses(double dropout, double share)
    {
        var ml = new MLContext(1);
        var tokenizer = SampleNetworks.Tiny().Tokenizer;
        var config = new T5Config
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, HeadSize = 8, IntermediateSize = 32, Layers = 1, Heads = 2, Dropout = dropout,
        };
        var options = new PretrainingOptions { MaxSteps = 2, BatchSize = 4, MaxTokens = 12, LearningRate = 1e-2, DropoutFreeShare = share };
        using PretrainingTransformer model = ml.Transformers()
            .Pretraining(Checkpoint.FromConfig(config, tokenizer), new PrefixLanguageModelObjective(), options).Fit(PlainTexts.Reviews(ml));
        return [.. model.Transform(PlainTexts.Reviews(ml)).GetColumn<float>("Loss")];
    }
}
