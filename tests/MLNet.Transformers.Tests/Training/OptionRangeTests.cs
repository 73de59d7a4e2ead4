using Microsoft.ML;

namespace MLNet.Transformers.Tests.Training;

/// <summary>Settings of training that are out of range are refused by name when the trainer is made; those at the edge are not.</summary>
public class OptionRangeTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, Action<SequenceClassificationOptions>> Refused => new()
    {
        { "BatchSize", options => options.BatchSize = 0 },
        { "MaxTokens", options => options.MaxTokens = 2 },
        { "Epochs", options => options.Epochs = 0 },
        { "MaxSteps", options => options.MaxSteps = 0 },
        { "MaxTokensPerBatch", options => options.MaxTokensPerBatch = 0 },
        { "LearningRate", options => options.LearningRate = 0 },
        { "LearningRate", options => options.LearningRate = 1.5 },
        { "LearningRate", options => options.LearningRate = double.NaN },
        { "WarmupShare", options => options.WarmupShare = -0.1 },
        { "WarmupShare", options => options.WarmupShare = 1.1 },
        { "WeightDecay", options => options.WeightDecay = -1 },
        { "GradientClip", options => options.GradientClip = 0 },
        { "AccumulationSteps", options => options.AccumulationSteps = 0 },
        { "FrozenStages", options => options.FrozenStages = -1 },
        { "ValidationShare", options => options.ValidationShare = 0.6 },
        { "ValidationShare", options => options.ValidationShare = -0.1 },
        { "Patience", options => (options.Patience, options.ValidationShare) = (0, 0.2) },
        { "ValidateEverySteps", options => options.ValidateEverySteps = 0 },
        { "StateEverySteps", options => options.StateEverySteps = 0 },
        { "Schedule", options => options.Schedule = (LearningRateSchedule)77 },
        { "Precision", options => options.Precision = (Precision)77 },
        { "Precision", options => options.Precision = Precision.Int8 },
        { "Precision", options => options.Precision = Precision.Int4 },
        { "Patience is 1, but there are no validation rows", options => options.Patience = 1 },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void A_value_out_of_range_is_refused_by_name(string named, Action<SequenceClassificationOptions> change)
    {
        var options = new SequenceClassificationOptions();
        change(options);

        Assert.Contains(named, Assert.ThrowsAny<ArgumentException>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ways_to_say_the_validation_rows_exclude_each_other()
    {
        var options = new SequenceClassificationOptions { ValidationShare = 0.1, ValidationSet = _ml.Data.LoadFromEnumerable(new[] { new { Text = "a", Label = "b" } }) };

        Assert.Contains("ValidationSet and ValidationShare are both given", Assert.ThrowsAny<ArgumentException>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_at_the_edge_are_taken() => Assert.NotNull(_ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), new()
    {
        BatchSize = 1, MaxTokens = 3, Epochs = 1, MaxSteps = 1, MaxTokensPerBatch = 1, LearningRate = 1, WarmupShare = 1, WeightDecay = 0, GradientClip = null, AccumulationSteps = 1,
        ValidationShare = 0.5, Patience = 1, ValidateEverySteps = 1, StateEverySteps = 1,
    }));
}
