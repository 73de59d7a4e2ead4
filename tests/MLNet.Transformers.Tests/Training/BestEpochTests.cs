using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Tests.Training;

/// <summary>Which epoch's weights are kept, by what a judge says of each.</summary>
public class BestEpochTests
{
    private sealed class Options : TrainingOptions;

    private sealed class FirstTokens : IObjective<TokenSequence>
    {
        public string Identity => "first tokens";

        public LabelledBatch Prepare(IReadOnlyList<TokenSequence> features, NetworkInputs inputs, Random random)
        {
            var labels = inputs.Labels(features.Select(row => row.Ids[0] % 2));
            return new LabelledBatch(inputs.Pad(features), [LossTerm.CrossEntropy(output => output.Logits.select(1, 0), labels)]);
        }
    }

    // Says what it is told to say, whatever the network has learnt.
    private sealed class Told(double[] scores, double[]? losses, int? cancelledIn = null) : IValidator
    {
        public int Epoch { get; set; }

        public string Identity => "told";

        public ValidationResult Judge(TaskModel network, Action checkAlive)
        {
            if (Epoch == cancelledIn)
            {
                throw new OperationCanceledException();
            }
            var metrics = new Dictionary<string, double> { ["Bleu"] = scores[Epoch] };
            if (losses is not null)
            {
                metrics["Loss"] = losses[Epoch];
            }
            Epoch++;
            return new ValidationResult(metrics, "Bleu", HigherIsBetter: true);
        }
    }

    public BestEpochTests() => NativeBackend.EnsureLoaded();

    [Theory]
    [InlineData(new[] { 0.0, 0, 0, 0 }, new[] { 4.0, 3, 2, 2.5 }, 3)]
    [InlineData(new[] { 0.0, 0, 0, 0 }, new[] { 4.0, 4, 4, 4 }, 1)]
    [InlineData(new[] { 0.0, 1, 1, 0 }, new[] { 4.0, 3, 3.5, 1 }, 2)]
    [InlineData(new[] { 0.0, 1, 2, 2 }, new[] { 1.0, 3, 5, 4 }, 4)]
    [InlineData(new[] { 0.0, 0, 0, 0 }, new[] { double.NaN, 3, double.NaN, 4 }, 2)]
    [InlineData(new[] { 0.0, 0, 0, 0 }, null, 1)]
    public void Of_epochs_with_equal_scores_the_one_with_the_lowest_loss_is_kept(double[] scores, double[]? losses, int kept) =>
        Assert.Contains($"The weights of epoch {kept} are kept", Run(new Told(scores, losses), new() { Epochs = 4 })[^1], StringComparison.Ordinal);

    [Fact]
    public void Patience_lasts_while_the_loss_falls_at_an_equal_score()
    {
        var judge = new Told(new double[6], [6, 5, 4, 4, 5, 3]);

        List<string> log = Run(judge, new() { Epochs = 6, Patience = 2, ValidationShare = 0.5 });

        Assert.Equal(5, judge.Epoch);
        Assert.Contains("The weights of epoch 3 are kept", log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_continued_training_knows_the_loss_of_the_best_epoch()
    {
        using var folder = new TemporaryFolder();
        double[] losses = [4, 2, 3, 3];
        Options Options() => new() { Epochs = 4, StateFolder = folder.File("state") };
        Assert.Throws<OperationCanceledException>(() => Run(new Told(new double[4], losses, cancelledIn: 2), Options()));

        List<string> log = Run(new Told(new double[4], losses) { Epoch = 2 }, Options());

        Assert.Contains(log, line => line.StartsWith("Training continues", StringComparison.Ordinal));
        Assert.Contains("The weights of epoch 2 are kept", log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_are_judged_where_they_are_asked_for_and_at_the_end()
    {
        var judge = new Told(new double[4], [4, 3, 2, 3]);

        List<string> log = Run(judge, new() { MaxSteps = 7, BatchSize = 1, ValidateEverySteps = 2 });

        Assert.Equal(4, judge.Epoch);
        Assert.Contains("The weights of step 6 are kept", log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Patience_counts_validations_where_steps_are_judged()
    {
        var judge = new Told(new double[9], [4, 3, 5, 6, 7, 8, 9, 9, 9]);

        List<string> log = Run(judge, new() { MaxSteps = 90, ValidateEverySteps = 3, Patience = 2, ValidationShare = 0.5 });

        Assert.Equal(4, judge.Epoch);
        Assert.Contains(log, line => line.Contains("no gain on the validation rows in 2 validations", StringComparison.Ordinal));
        Assert.Contains("The weights of step 6 are kept", log[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void A_training_that_was_stopped_while_it_was_judged_is_judged_when_it_continues(int? every)
    {
        using var folder = new TemporaryFolder();
        double[] losses = [4, 3, 2];
        Options Options() => new() { Epochs = 3, BatchSize = 1, ValidateEverySteps = every, StateFolder = folder.File("state") };
        for (int cancelled = 0; cancelled < 3; cancelled++)
        {
            Assert.Throws<OperationCanceledException>(() => Run(new Told(new double[3], losses, cancelled) { Epoch = Math.Max(0, cancelled - 1) }, Options()));
        }
        var judge = new Told(new double[3], losses) { Epoch = 2 };

        List<string> log = Run(judge, Options());

        Assert.Equal(3, judge.Epoch);
        Assert.Contains(every is null ? "The weights of epoch 3 are kept" : "The weights of step 6 are kept", log[^1], StringComparison.Ordinal);
    }

    private static List<string> Run(IValidator judge, Options options)
    {
        var log = new List<string>();
        using TaskModel network = Networks.Create("bert", HeadKind.TokenClassification);
        TokenSequence[] rows = [new([1, 2, 3]), new([4, 5])];
        using var loop = new TrainingLoop<TokenSequence>(
            network, network.NamedParameters, new FirstTokens(), new ShuffledFeatures<TokenSequence>(rows, options, 1), judge, options, seed: 1,
            new TrainingHost(log.Add, () => { }));
        loop.Run();
        return log;
    }
}
