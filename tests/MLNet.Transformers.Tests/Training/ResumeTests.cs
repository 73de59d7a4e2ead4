using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.Training;

public class ResumeTests
{
    [Fact]
    public void A_cancelled_training_continues_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["great", "dull", "a wonderful plot"];
        var ml = new MLContext(3);
        using SequenceClassificationTransformer straight = Reviews.Train(ml, Options());

        using var stop = new CancellationTokenSource();
        SequenceClassificationOptions broken = Options(folder.File("state"));
        broken.CancellationToken = stop.Token;
        broken.Progress = new Watcher(progress => { if (progress.Step == 5) { stop.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => Reviews.Train(ml, broken));
        Assert.NotEmpty(Directory.GetDirectories(folder.File("state")));

        int firstStep = 0;
        SequenceClassificationOptions resumed = Options(folder.File("state"));
        resumed.Progress = new Watcher(progress => firstStep = firstStep == 0 ? progress.Step : firstStep);
        using SequenceClassificationTransformer continued = Reviews.Train(ml, resumed);

        Assert.Equal(6, firstStep);
        Assert.Equal(Reviews.Scores(ml, straight, texts), Reviews.Scores(ml, continued, texts));
        Assert.False(Directory.Exists(folder.File("state")));
    }

    [Fact]
    public void A_state_of_other_options_is_refused()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(3);
        using var stop = new CancellationTokenSource();
        SequenceClassificationOptions broken = Options(folder.Folder);
        broken.CancellationToken = stop.Token;
        broken.Progress = new Watcher(_ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => Reviews.Train(ml, broken));

        SequenceClassificationOptions other = Options(folder.Folder);
        other.LabelSmoothing = 0.1;

        Assert.Contains("other rows, options or another checkpoint", Assert.Throws<InvalidOperationException>(() => Reviews.Train(ml, other)).Message, StringComparison.Ordinal);
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

    private sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch(value);
    }
}
