using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.Training;

public class ResumeTests
{
    private static readonly string[] _texts = ["great", "dull", "a wonderful plot"];

    [Fact]
    public void A_cancelled_training_continues_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        var ml = new MLContext(3);
        using SequenceClassificationTransformer straight = Reviews.Train(ml, Options());

        Cancel(ml, Options(state), step: 5);
        Assert.NotEmpty(Directory.GetDirectories(state));
        (SequenceClassificationTransformer continued, int firstStep) = Watch(ml, Options(state));

        Assert.Equal(6, firstStep);
        Assert.Equal(Reviews.Scores(ml, straight, _texts), Reviews.Scores(ml, continued, _texts));
        Assert.False(Directory.Exists(state));
        continued.Dispose();
    }

    [Fact]
    public void One_that_was_cancelled_while_it_was_judged_is_judged_when_it_continues()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        var ml = new MLContext(3);
        SequenceClassificationOptions WithValidation(string? path)
        {
            SequenceClassificationOptions options = Options(path);
            options.ValidationSet = Reviews.Keyed(ml);
            return options;
        }
        using SequenceClassificationTransformer straight = Reviews.Train(ml, WithValidation(null));

        // Ten rows in steps of three: the fourth step is the epoch's last, the validation follows.
        Cancel(ml, WithValidation(state), step: 4);
        (SequenceClassificationTransformer continued, int firstStep) = Watch(ml, WithValidation(state));

        Assert.Equal(4, firstStep);
        Assert.Equal(Reviews.Scores(ml, straight, _texts), Reviews.Scores(ml, continued, _texts));
        continued.Dispose();
    }

    [Fact]
    public void Without_a_seed_the_one_that_was_drawn_is_kept_beside_the_state()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        SequenceClassificationOptions options = Options(state);
        options.ValidationShare = 0.2;
        Cancel(new MLContext(), options, step: 5);

        (SequenceClassificationTransformer continued, int firstStep) = Watch(new MLContext(), options);

        Assert.Equal(6, firstStep);
        Assert.False(Directory.Exists(state));
        continued.Dispose();
    }

    [Fact]
    public void Each_of_several_trainings_finds_its_own_state()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        var ml = new MLContext(3);
        List<string> log = Reviews.Log(ml);
        SequenceClassificationOptions other = Options(state);
        other.LabelSmoothing = 0.1;
        Cancel(ml, Options(state), step: 5);

        Cancel(ml, other, step: 2);
        Assert.Contains(log, line => line.Contains("the state of 1 other training", StringComparison.Ordinal));
        (SequenceClassificationTransformer first, int firstStep) = Watch(ml, Options(state));
        (SequenceClassificationTransformer second, int secondStep) = Watch(ml, other);

        Assert.Equal((6, 3), (firstStep, secondStep));
        Assert.False(Directory.Exists(state));
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public void Other_rows_another_seed_or_another_checkpoint_begin_anew()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        Cancel(ml, Options(folder.Folder), step: 5);

        foreach (Func<SequenceClassificationOptions, SequenceClassificationTransformer> fit in (Func<SequenceClassificationOptions, SequenceClassificationTransformer>[])
        [
            options => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Reviews.Keyed(ml, Reviews.Rows.Skip(1))),
            options => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Reviews.Keyed(ml, Reviews.Rows.Reverse())),
            options => Reviews.Train(new MLContext(4), options),
            options => ml.Transformers().SequenceClassification(SampleNetworks.Tiny(layers: 2), options).Fit(Reviews.Keyed(ml)),
        ])
        {
            int first = 0;
            SequenceClassificationOptions options = Options(folder.Folder);
            options.Progress = new Watcher(progress => first = first == 0 ? progress.Step : first);
            fit(options).Dispose();
            Assert.Equal(1, first);
        }
    }

    [Fact]
    public void The_same_network_with_other_weights_begins_anew()
    {
        using TemporaryFolder folder = new(), first = new(), second = new();
        var ml = new MLContext(3);
        foreach ((TemporaryFolder checkpoint, int epochs) in new[] { (first, 1), (second, 2) })
        {
            using SequenceClassificationTransformer model = Reviews.Train(ml, Reviews.Options(epochs));
            model.SaveCheckpoint(checkpoint.Folder);
        }
        int Fit(TemporaryFolder checkpoint, int stopAt)
        {
            int from = 0;
            using var stop = new CancellationTokenSource();
            SequenceClassificationOptions options = Options(folder.File("state"));
            options.CancellationToken = stop.Token;
            options.Progress = new Watcher(progress => { from = from == 0 ? progress.Step : from; if (progress.Step == stopAt) { stop.Cancel(); } });
            Assert.Throws<OperationCanceledException>(() => ml.Transformers().SequenceClassification(checkpoint.Folder, options).Fit(Reviews.Keyed(ml)));
            return from;
        }

        Assert.Equal([1, 1, 4], [Fit(first, 3), Fit(second, 3), Fit(first, 5)]);
    }

    [Theory]
    [InlineData("position.json", "{\"Step\":")]
    [InlineData("position.json", "null")]
    [InlineData("position.json", "{}")]
    [InlineData("position.json", "{\"Step\": -3}")]
    [InlineData("position.json", "{\"Step\": 5000}")]
    [InlineData("position.json", "{\"Step\": 5, \"Epoch\": 77}")]
    [InlineData("model.safetensors", "")]
    [InlineData("optimizer.safetensors", "nonsense")]
    public void A_damaged_state_is_named(string name, string content)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        Cancel(ml, Options(folder.Folder), step: 5);
        string file = Directory.GetFiles(folder.Folder, name, SearchOption.AllDirectories).Single();
        File.WriteAllText(file, content);

        string message = Assert.Throws<InvalidDataException>(() => Reviews.Train(ml, Options(folder.Folder))).Message;

        Assert.Contains($"'{Path.GetDirectoryName(file)}' is damaged: '{name}' is not as it was written", message, StringComparison.Ordinal);
        Assert.Contains($"Delete '{Path.GetDirectoryName(file)}' to begin anew", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("best.safetensors")]
    [InlineData("position.json")]
    [InlineData("SHA256SUMS")]
    public void A_flipped_bit_anywhere_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        SequenceClassificationOptions options = Options(folder.File("state"));
        options.ValidationSet = Reviews.Keyed(ml);
        Cancel(ml, options, step: 5);
        string file = Directory.GetFiles(folder.Folder, name, SearchOption.AllDirectories).Single();
        byte[] content = File.ReadAllBytes(file);
        foreach (int at in (int[])[0, content.Length / 2, content.Length - 2])
        {
            byte[] damaged = [.. content];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(file, damaged);

            string message = Assert.Throws<InvalidDataException>(() => Reviews.Train(ml, options)).Message;

            Assert.Contains($"'{Path.GetDirectoryName(file)}' is damaged: ", message, StringComparison.Ordinal);
            Assert.Contains(name, message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(file, content);
        Assert.Equal(6, Watch(ml, options).FirstStep);
    }

    [Fact]
    public void A_weight_that_became_no_number_is_named()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        Cancel(ml, Options(folder.Folder), step: 5);
        string file = Directory.GetFiles(folder.Folder, "model.safetensors", SearchOption.AllDirectories).Single();
        byte[] content = File.ReadAllBytes(file);
        BitConverter.TryWriteBytes(content.AsSpan(content.Length - sizeof(float)), float.NaN);
        File.WriteAllBytes(file, content);

        string message = Assert.Throws<InvalidDataException>(() => Reviews.Train(ml, Options(folder.Folder))).Message;

        Assert.Contains("'model.safetensors' is not as it was written", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("best.safetensors")]
    [InlineData("SHA256SUMS")]
    public void A_file_that_is_gone_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        SequenceClassificationOptions options = Options(folder.Folder);
        options.ValidationSet = Reviews.Keyed(ml);
        Cancel(ml, options, step: 5);
        File.Delete(Directory.GetFiles(folder.Folder, name, SearchOption.AllDirectories).Single());

        string message = Assert.Throws<InvalidDataException>(() => Reviews.Train(ml, options)).Message;

        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("to begin anew", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_training_left_unfinished_is_removed()
    {
        using var folder = new TemporaryFolder();
        string state = folder.File("state");
        var ml = new MLContext(3);
        Cancel(ml, Options(state), step: 5);
        Directory.CreateDirectory(Path.Combine(Directory.GetDirectories(state).Single(), "step-000000007.unfinished"));

        (SequenceClassificationTransformer continued, int firstStep) = Watch(ml, Options(state));

        Assert.Equal(6, firstStep);
        Assert.False(Directory.Exists(state));
        continued.Dispose();
    }

    [Fact]
    public void Cross_validation_continues_in_the_fold_that_was_stopped()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        List<int> Run(Action<TrainingProgress> watch)
        {
            var steps = new List<int>();
            SequenceClassificationOptions options = Options(folder.File("state"));
            options.Progress = new Watcher(progress => { steps.Add(progress.Step); watch(progress); });
            ml.MulticlassClassification.CrossValidate(
                Reviews.Keyed(ml), ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options), numberOfFolds: 2, seed: 1);
            return steps;
        }
        int starts = 0;

        Assert.ThrowsAny<Exception>(() => Run(progress => { starts += progress.Step == 1 ? 1 : 0; if (starts == 2 && progress.Step == 3) { throw new OperationCanceledException(); } }));
        List<int> steps = Run(_ => { });

        Assert.Equal(1, steps.Count(step => step == 1));
        Assert.False(Directory.Exists(folder.File("state")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_and_another_seed_another()
    {
        float[][] Train(int seed)
        {
            var ml = new MLContext(seed);
            using SequenceClassificationTransformer model = Reviews.Train(ml, Options());
            return Reviews.Scores(ml, model, "great", "dull");
        }

        Assert.Equal(Train(1), Train(1));
        Assert.NotEqual(Train(1), Train(2));
    }

    private static SequenceClassificationOptions Options(string? state = null) =>
        new() { Epochs = 4, BatchSize = 3, LearningRate = 1e-2, MaxTokens = 16, StateFolder = state, StateEverySteps = 2 };

    private static void Cancel(MLContext ml, SequenceClassificationOptions options, int step)
    {
        using var stop = new CancellationTokenSource();
        options.CancellationToken = stop.Token;
        options.Progress = new Watcher(progress => { if (progress.Step == step) { stop.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => Reviews.Train(ml, options));
        (options.CancellationToken, options.Progress) = (default, null);
    }

    private static (SequenceClassificationTransformer Model, int FirstStep) Watch(MLContext ml, SequenceClassificationOptions options)
    {
        int first = 0;
        options.Progress = new Watcher(progress => first = first == 0 ? progress.Step : first);
        return (Reviews.Train(ml, options), first);
    }
}
