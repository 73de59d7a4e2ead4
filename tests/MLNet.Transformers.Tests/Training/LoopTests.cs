using System.Security.Cryptography;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Training;

/// <summary>What a task or an objective may ask of the loop, each shown by a small one.</summary>
public class LoopTests
{
    private sealed class Options : TrainingOptions;

    // Two terms of unlike counts: each token's label, and one label of the first token alone.
    private sealed class TwoTerms(Func<int, bool> counts) : IObjective<TokenSequence>
    {
        public List<int> Drawn { get; } = [];

        public string Identity => "two terms";

        public LabelledBatch Prepare(IReadOnlyList<TokenSequence> features, NetworkInputs inputs, Random random)
        {
            Drawn.Add(random.Next());
            Tensor tokens = inputs.Labels([.. features.Select(row => row.Ids.Select(id => counts(id) ? id % 2 : (int)LossTerm.Ignored).ToArray())]);
            Tensor first = inputs.Labels(features.Select(row => counts(row.Ids[0]) ? row.Ids[0] % 2 : (int)LossTerm.Ignored));
            return new LabelledBatch(
                inputs.Pad(features),
                [LossTerm.CrossEntropy(output => output.Logits, tokens), LossTerm.CrossEntropy(output => output.Logits.select(1, 0), first)]);
        }
    }

    private sealed class Stream(int steps) : IFeatureSource<TokenSequence>
    {
        public List<(int Epoch, int First)> Asked { get; } = [];

        public string Identity => "stream";

        public int? StepCount(int epoch) => null;

        public IEnumerable<IReadOnlyList<TokenSequence>[]> Steps(int epoch, int first)
        {
            Asked.Add((epoch, first));
            return Enumerable.Range(first, steps - first).Select(step => new IReadOnlyList<TokenSequence>[] { [new TokenSequence([1 + step, 2, 3])] });
        }
    }

    // A source and what is to be written of it.
    private sealed record Pair(TokenSequence Tokens, int[] Target) : IFeature
    {
        public void AddTo(IncrementalHash hash) => Tokens.AddTo(hash);
    }

    private sealed class Writing : IObjective<Pair>
    {
        public string Identity => "writing";

        public LabelledBatch Prepare(IReadOnlyList<Pair> features, NetworkInputs inputs, Random random)
        {
            Tensor labels = inputs.Labels([.. features.Select(pair => pair.Target)]);
            TokenBatch batch = inputs.Pad([.. features.Select(pair => pair.Tokens)], labels);
            return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, new HeadLabels(labels)));
        }
    }

    // Judges by how many first tokens are written right, and calls the second epoch the best whatever the third does.
    private sealed class WrittenValidation(Pair[] pairs) : IValidator
    {
        public List<float[]> Judged { get; } = [];

        public string Identity => FeatureHash.Of(pairs);

        public ValidationResult Judge(TaskModel network, Action checkAlive)
        {
            var inputs = new NetworkInputs(network);
            var reading = new ScoreReading<Pair, long, long>(
                (output, _) => output.Logits.select(1, 0).argmax(-1).data<long>().ToArray(), (_, written) => written[0]);
            long[] written = RowScorer.Answers([.. pairs.Select(pair => new[] { pair })], new BatchLimits(2), batch =>
                network.forward(inputs.Pad([.. batch.Select(pair => pair.Tokens)], inputs.Labels([.. batch.Select(pair => pair.Target)]))), reading, checkAlive);
            Judged.Add(Weights(network));
            double right = written.Zip(pairs, (id, pair) => id == pair.Target[0] ? 1.0 : 0).Average();
            return new ValidationResult(
                new Dictionary<string, double> { ["Right"] = right, ["Wanted"] = Judged.Count == 2 ? 1 : 0 }, "Wanted", HigherIsBetter: true);
        }
    }

    private static readonly TokenSequence[] _rows = [new([1, 2, 3, 4]), new([5, 6]), new([7, 8, 9]), new([10, 11, 12, 13, 14])];

    public LoopTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void Each_term_is_divided_by_its_own_count_over_all_batches_of_a_step()
    {
        using TaskModel accumulated = Network(), whole = Network();

        double loss = Train(accumulated, new TwoTerms(_ => true), new() { MaxSteps = 3, BatchSize = 1, AccumulationSteps = 4 });
        double expected = Train(whole, new TwoTerms(_ => true), new() { MaxSteps = 3, BatchSize = 4 });

        Assert.Equal(expected, loss, 1e-5);
        Networks.AssertClose(Weights(whole), Weights(accumulated), 5e-5);
    }

    [Fact]
    public void A_step_in_which_nothing_counts_changes_nothing_and_goes_by()
    {
        using TaskModel network = Network();
        float[] before = Weights(network);

        double loss = Train(network, new TwoTerms(_ => false), new() { MaxSteps = 3, BatchSize = 2, GradientClip = 1 });

        Assert.Equal(0, loss);
        Assert.Equal(before, Weights(network));
    }

    [Fact]
    public void Batches_in_which_nothing_counts_do_not_spoil_a_step()
    {
        using TaskModel network = Network();

        double loss = Train(network, new TwoTerms(id => id > 9), new() { MaxSteps = 20, BatchSize = 1, AccumulationSteps = 2, LearningRate = 1e-2 });

        Assert.True(double.IsFinite(loss));
        Assert.All(Weights(network), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void What_an_objective_draws_is_a_function_of_seed_and_step()
    {
        TwoTerms Run(int seed, int steps)
        {
            using TaskModel network = Network();
            var objective = new TwoTerms(_ => true);
            Train(network, objective, new() { MaxSteps = steps, BatchSize = 2 }, seed);
            return objective;
        }

        Assert.Equal(Run(1, 6).Drawn, Run(1, 6).Drawn);
        Assert.Equal(Run(1, 3).Drawn, Run(1, 6).Drawn[..3]);
        Assert.Equal(6, Run(1, 6).Drawn.Distinct().Count());
        Assert.NotEqual(Run(1, 6).Drawn, Run(2, 6).Drawn);
    }

    [Fact]
    public void A_stream_of_unknown_length_is_gone_through_until_the_steps_are_done()
    {
        using TaskModel network = Network();
        var stream = new Stream(steps: 4);
        var seen = new List<TrainingProgress>();

        Train(network, new TwoTerms(_ => true), new() { MaxSteps = 10, Progress = new Watcher(seen.Add) }, source: stream);

        Assert.Equal([(0, 0), (1, 0), (2, 0)], stream.Asked);
        Assert.Equal(Enumerable.Range(1, 10), seen.Select(progress => progress.Step));
        Assert.All(seen, progress => Assert.Equal(10, progress.Steps));
    }

    [Fact]
    public void A_stream_of_unknown_length_needs_a_number_of_steps()
    {
        using TaskModel network = Network();

        Assert.Contains("MaxSteps", Assert.Throws<InvalidOperationException>(
            () => Train(network, new TwoTerms(_ => true), new(), source: new Stream(4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_without_a_step_is_an_error()
    {
        using TaskModel network = Network();

        Assert.Contains("nothing to learn from", Assert.Throws<InvalidOperationException>(
            () => Train(network, new TwoTerms(_ => true), new() { MaxSteps = 1 }, source: new Stream(0))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public void Sources_with_targets_are_learnt_and_any_judge_decides_which_epoch_is_kept(string row)
    {
        using TaskModel network = Networks.Create(row, HeadKind.SequenceToSequence);
        Pair[] pairs = [new(new([5, 6, 7, 1]), [8, 1]), new(new([9, 10, 1]), [11, 12, 1]), new(new([13, 1]), [14, 1])];
        var judge = new WrittenValidation(pairs);
        var options = new Options { Epochs = 3, BatchSize = 2, LearningRate = 1e-2 };
        var losses = new List<double>();
        options.Progress = new Watcher(progress => losses.Add(progress.Loss));

        using (var loop = new TrainingLoop<Pair>(
            network, network.NamedParameters, new Writing(), new ShuffledFeatures<Pair>(pairs, options, 1), judge, options, 1, new TrainingHost(_ => { }, () => { })))
        {
            loop.Run();
        }

        Assert.Equal(3, judge.Judged.Count);
        Assert.Equal(judge.Judged[1], Weights(network));
        Assert.True(losses[^1] < losses[0]);
    }

    [Fact]
    public void Answers_of_rows_with_several_features_are_merged_in_their_order()
    {
        // Rows of 1 to 3 windows of unlike lengths, so that the batches mix the rows.
        TokenSequence[][] rows = [.. Enumerable.Range(0, 20).Select(row => Enumerable.Range(0, row % 3 + 1).Select(window => new TokenSequence([row, window, .. new int[(row * 7 + window * 5) % 11]])).ToArray())];
        var reading = new ScoreReading<TokenSequence, string, string>(
            (_, batch) => [.. batch.Select(feature => $"{feature.Ids[0]}.{feature.Ids[1]}")], (_, parts) => string.Join(' ', parts.ToArray()));
        var sizes = new List<int>();

        string[] answers = RowScorer.Answers(rows, new BatchLimits(4), batch => { sizes.Add(batch.Count); return default; }, reading, () => { });

        Assert.Equal(rows.Select((windows, row) => string.Join(' ', windows.Select((_, window) => $"{row}.{window}"))), answers);
        Assert.All(sizes, size => Assert.InRange(size, 1, 4));
    }

    [Fact]
    public void Only_the_parameters_that_are_given_learn()
    {
        using TaskModel network = Network();
        var before = network.NamedParameters.ToDictionary(item => item.Name, item => item.Parameter.data<float>().ToArray());
        string[] learning = ["classifier.weight", "classifier.bias"];
        foreach ((string name, var parameter) in network.NamedParameters)
        {
            parameter.requires_grad = learning.Contains(name);
        }
        using var loop = new TrainingLoop<TokenSequence>(
            network, [.. network.NamedParameters.Where(item => learning.Contains(item.Name))], new TwoTerms(_ => true), Shuffled(new() { MaxSteps = 2 }), null,
            new Options { MaxSteps = 2 }, seed: 1, new TrainingHost(_ => { }, () => { }));
        loop.Run();

        Assert.Equal(learning.Order(), network.NamedParameters.Where(item => !item.Parameter.data<float>().ToArray().SequenceEqual(before[item.Name])).Select(item => item.Name).Order());
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_training_and_names_the_step()
    {
        using TaskModel network = Network();
        using (no_grad())
        {
            network.NamedParameters[0].Parameter.fill_(float.NaN);
        }

        Assert.Contains("diverged: the loss of step 1", Assert.Throws<InvalidOperationException>(
            () => Train(network, new TwoTerms(_ => true), new() { MaxSteps = 1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_judged_by_the_loss()
    {
        using TaskModel network = Network();
        using var noGradient = no_grad();
        network.NamedParameters[0].Parameter.fill_(float.NaN);
        var validator = new ScoredValidation<TokenSequence, float, float>(
            new TwoTerms(_ => true), [[new TokenSequence([3, 4])]], new BatchLimits(1), seed: 1, new((_, rows) => new float[rows.Count], (_, parts) => parts[0]),
            (_, _, _) => throw new ArgumentException("Row 1: one of the scores is NaN."));

        Assert.False(double.IsFinite(validator.Judge(network, () => { }).Score));
    }

    [Fact]
    public void Warm_up_and_schedule_lead_the_learning_rate()
    {
        using TaskModel network = Network();
        var rates = new List<double>();

        Train(network, new TwoTerms(_ => true), new()
        {
            MaxSteps = 10, LearningRate = 1, WarmupShare = 0.4, Schedule = LearningRateSchedule.Cosine, Progress = new Watcher(progress => rates.Add(progress.LearningRate)),
        });

        double[] expected = [0, 0.25, 0.5, 0.75, .. Enumerable.Range(0, 6).Select(i => 0.5 * (1 + Math.Cos(Math.PI * i / 6)))];
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Few_steps_are_said_to_be_few()
    {
        var log = new List<string>();
        foreach (int steps in (int[])[2, 300])
        {
            using TaskModel network = Network();
            Train(network, new TwoTerms(_ => true), new() { MaxSteps = steps }, log: log);
        }

        Assert.Single(log, line => line.Contains("2 steps, which is few", StringComparison.Ordinal) && line.Contains("give more MaxSteps (now 2), or a higher LearningRate", StringComparison.Ordinal));
    }

    private static TaskModel Network() => Networks.Create(
        Networks.Config("bert", ("hidden_dropout_prob", 0), ("attention_probs_dropout_prob", 0)), HeadKind.TokenClassification);

    private static ShuffledFeatures<TokenSequence> Shuffled(Options options, int seed = 1) => new(_rows, options, seed);

    private static double Train(
        TaskModel network, TwoTerms objective, Options options, int seed = 1, IFeatureSource<TokenSequence>? source = null, List<string>? log = null)
    {
        double loss = double.NaN;
        IProgress<TrainingProgress>? watcher = options.Progress;
        options.Progress = new Watcher(progress => { loss = progress.Loss; watcher?.Report(progress); });
        using var loop = new TrainingLoop<TokenSequence>(
            network, network.NamedParameters, objective, source ?? Shuffled(options, seed), null, options, seed, new TrainingHost(line => log?.Add(line), () => { }));
        loop.Run();
        return loss;
    }

    private static float[] Weights(TaskModel network) => [.. network.NamedParameters.SelectMany(item => item.Parameter.data<float>().ToArray())];
}
