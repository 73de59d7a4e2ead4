using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>Several threads use one transformer, and one of them disposes it.</summary>
public sealed class ThreadTests
{
    private const int Threads = 6;
    private const int Rounds = 40;

    private readonly MLContext _context = new(seed: 1);
    private readonly TextRow[] _rows = TextRows.Make(20);

    [Fact]
    public void Passes_at_once_do_not_disturb_each_other()
    {
        using FakeClassifier model = FakeClassifier.WithClasses(_context, TextRows.Classes);
        IDataView result = model.Transform(_context.Data.LoadFromEnumerable(_rows));
        Parallel.For(0, Threads * Rounds, _ => AssertScores(TextRows.Column<float[]>(result, "Score")));
        Assert.Equal(model.Counts.Created, model.Counts.Disposed);
    }

    [Fact]
    public void Passes_that_began_before_the_disposal_end_well_and_later_ones_are_refused()
    {
        for (int round = 0; round < Rounds; round++)
        {
            FakeClassifier model = FakeClassifier.WithClasses(_context, TextRows.Classes);
            AtOnce(model.Dispose, () =>
            {
                while (true)
                {
                    AssertScores(TextRows.Column<float[]>(model.Transform(_context.Data.LoadFromEnumerable(_rows)), "Score"));
                }
            });
            Assert.Equal(model.Counts.Created, model.Counts.Disposed);
        }
    }

    [Fact]
    public void Engines_that_are_used_during_the_disposal_answer_rightly_or_say_so()
    {
        for (int round = 0; round < Rounds; round++)
        {
            FakeClassifier model = FakeClassifier.WithClasses(_context, TextRows.Classes);
            AtOnce(model.Dispose, () =>
            {
                while (true)
                {
                    PredictionEngine<TextRow, Prediction> engine = _context.Model.CreatePredictionEngine<TextRow, Prediction>(
                        model, new PredictionEngineOptions { OwnsTransformer = false });
                    foreach (TextRow row in _rows)
                    {
                        Assert.Equal(FakeClassifier.ScoresOf(row.Text, 3), engine.Predict(row).Score);
                    }
                    engine.Dispose();
                }
            });
        }
    }

    [Fact]
    public void Whoever_disposes_with_others_disposes_once()
    {
        for (int round = 0; round < Rounds; round++)
        {
            FakeClassifier model = FakeClassifier.WithClasses(_context, TextRows.Classes);
            Parallel.For(0, Threads, _ => model.Dispose());
            Assert.Equal(1, model.Disposals);
        }
    }

    private void AssertScores(float[][] scores) => Assert.Equal(_rows.Select(row => FakeClassifier.ScoresOf(row.Text, 3)), scores);

    // Users work until they are told that the transformer was disposed; anything else that they are told fails the test.
    private static void AtOnce(Action dispose, Action use)
    {
        using var start = new Barrier(Threads + 1);
        Task[] users = [.. Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                Assert.Contains(nameof(FakeClassifier), Assert.Throws<ObjectDisposedException>(use).Message);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        start.SignalAndWait();
        Thread.Sleep(2);
        dispose();
        Task.WaitAll(users);
    }
}
