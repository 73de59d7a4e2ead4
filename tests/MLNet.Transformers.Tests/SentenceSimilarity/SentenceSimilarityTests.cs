using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Batching;
using MLNet.Transformers.SentenceSimilarity;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;
using MLNet.Transformers.Tests.Training;

namespace MLNet.Transformers.Tests.SentenceSimilarity;

/// <summary>How alike two texts are, learnt as the cosine of their vectors.</summary>
public sealed class SentenceSimilarityTests : IDisposable
{
    private sealed class Pair
    {
        public string? Text { get; set; }

        public string? TextPair { get; set; }

        public float Label { get; set; }
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }

    private static readonly Pair[] _rows =
    [
        .. Examples.Rows.Select((row, i) => new Pair { Text = row.Text, TextPair = Examples.Rows[(i + 3) % 8].Text, Label = ((float[])[0.9f, 0, 0.5f, -0.5f])[i % 4] }),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Architectures => [.. Examples.Architectures];

    private IDataView Data => _ml.Data.LoadFromEnumerable(_rows);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Eight_pairs_are_learnt_by_heart_and_come_back_from_every_place(string architecture)
    {
        using SentenceSimilarityTransformer model = _ml.Transformers().SentenceSimilarity(Examples.Network(architecture), Options(60)).Fit(Data);
        float[] scores = Scores(model.Transform(Data));

        Assert.InRange(_ml.Regression.Evaluate(model.Transform(Data)).MeanSquaredError, 0, 0.03);
        // Alone, and in the other order.
        Equal(scores, _rows.Select(row => Scores(model.Transform(_ml.Data.LoadFromEnumerable([row])))[0]));
        Equal(scores, Scores(model.Transform(_ml.Data.LoadFromEnumerable(_rows.Select(row => new Pair { Text = row.TextPair, TextPair = row.Text })))));

        _ml.Transformers().SaveModel(model, Data.Schema, _folder.File("model.zip"));
        using var loaded = (SentenceSimilarityTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(scores, Scores(loaded.Transform(Data)));
        using var engine = _ml.Model.CreatePredictionEngine<Pair, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Equal(scores, _rows.Select(row => engine.Predict(row).Score));

        model.SaveCheckpoint(_folder.File("checkpoint"));
        using SentenceSimilarityTransformer applied = _ml.Transformers().ApplySentenceSimilarity(_folder.File("checkpoint"), new() { BatchSize = 4 }).Fit(Data);
        Assert.Equal(scores, Scores(applied.Transform(Data)));
        using TextEmbeddingTransformer vectors = _ml.Transformers().TextEmbedding(_folder.File("checkpoint"), new() { Normalize = true }).Fit(Data);
        float[][] first = [.. vectors.Transform(Data).GetColumn<float[]>("Features")];
        float[][] second = [.. vectors.Transform(_ml.Data.LoadFromEnumerable(_rows.Select(row => new { Text = row.TextPair }))).GetColumn<float[]>("Features")];
        Equal(scores, first.Zip(second, (one, other) => one.Zip(other, (a, b) => a * b).Sum()));
    }

    [Fact]
    public void A_pair_takes_up_both_its_texts_in_a_batch() =>
        Assert.Equal(10, ((IFeature)new TextPair(new TokenSequence([1, 2, 3]), new TokenSequence([1, 2, 3, 4, 5]))).Length);

    [Fact]
    public void A_validation_set_with_labels_of_another_type_is_named()
    {
        SentenceSimilarityOptions options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(_rows.Select(row => new { row.Text, row.TextPair, Label = (double)row.Label }));

        Assert.Contains("ValidationSet", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transformers().SentenceSimilarity(Examples.Network("bert"), options).Fit(Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_measures_correlations_and_keeps_the_best_epoch()
    {
        var seen = new List<TrainingProgress>();
        SentenceSimilarityOptions options = Options(10);
        (options.ValidationSet, options.ValidationMetric, options.Progress) = (Data, ClassificationMetric.Spearman, new Watcher(seen.Add));
        using SentenceSimilarityTransformer model = _ml.Transformers().SentenceSimilarity(Examples.Network("bert"), options).Fit(Data);

        IReadOnlyDictionary<string, double>[] judged = [.. seen.Select(progress => progress.Validation).OfType<IReadOnlyDictionary<string, double>>()];
        double best = judged.Max(result => result["Spearman"]);

        Assert.Equal(["Loss", "MeanSquaredError", "Pearson", "Spearman"], judged[0].Keys.Order(StringComparer.Ordinal));
        Assert.All(judged, result => Assert.Equal(result["Loss"], result["MeanSquaredError"], 1e-5));
        Assert.Equal(
            best, CorrelationMetrics.Of([.. _rows.Select(row => (double)row.Label)], [.. Scores(model.Transform(Data)).Select(score => (double)score)]).Spearman, 1e-3);
    }

    [Fact]
    public void What_does_not_go_is_named()
    {
        SentenceSimilarityTrainer Trainer(Action<SentenceSimilarityOptions>? change = null)
        {
            SentenceSimilarityOptions options = Options(1);
            change?.Invoke(options);
            return _ml.Transformers().SentenceSimilarity(Examples.Network("bert"), options);
        }
        Refused<InvalidOperationException>("holds 4 in row 3", () => Trainer().Fit(_ml.Data.LoadFromEnumerable(
            _rows.Select((row, i) => new Pair { Text = row.Text, TextPair = row.TextPair, Label = i == 2 ? 4 : 0 }))));
        Refused<ArgumentOutOfRangeException>("'TextPair'", () => Trainer().Fit(_ml.Data.LoadFromEnumerable(Examples.Rows.Select(row => new { row.Text, Label = row.Number }))));
        Refused<ArgumentOutOfRangeException>("expected Single", () => Trainer().Fit(_ml.Data.LoadFromEnumerable(_rows.Select(row => new { row.Text, row.TextPair, Label = true }))));
        Refused<ArgumentException>("TextPairColumnName", () => Trainer(options => options.TextPairColumnName = null!));
        Refused<ArgumentException>("ScoreColumnName", () => Trainer(options => options.ScoreColumnName = ""));
        Refused<ArgumentOutOfRangeException>("ValidationMetric must be one of MeanSquaredError", () => Trainer(options => options.ValidationMetric = ClassificationMetric.Accuracy));
        Refused<InvalidOperationException>("have no finite number", () => Trainer().Fit(_ml.Data.LoadFromEnumerable(_rows.Select(row => new Pair { Label = float.NaN }))));
    }

    [Fact]
    public void A_missing_text_is_an_empty_one_and_is_like_itself()
    {
        using SentenceSimilarityTransformer model = _ml.Transformers().SentenceSimilarity(Examples.Network("bert"), Options(1)).Fit(Data);

        float[] scores = Scores(model.Transform(_ml.Data.LoadFromEnumerable((Pair[])[new() { Text = null, TextPair = "" }, new() { Text = "a film", TextPair = null }])));

        Assert.Equal(1, scores[0], 1e-5f);
        Assert.InRange(scores[1], -1, 1);
    }

    [Fact]
    public void MiniLM_untrained_is_as_alike_as_the_reference_says()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string[][] rows = [.. File.ReadLines(Shared.Path("data", "patent-phrase-similarity", "patent-validation.csv")).Skip(1).Select(line => line.Split(','))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(row => new Pair { Text = row[0], TextPair = row[1], Label = float.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture) }));
        using SentenceSimilarityTransformer model = _ml.Transformers().ApplySentenceSimilarity(Shared.Path("weights", "all-MiniLM-L6-v2"), new() { BatchSize = 256 }).Fit(data);
        IDataView scored = model.Transform(data);

        var metrics = CorrelationMetrics.Of(
            [.. data.GetColumn<float>("Label").Select(label => (double)label)], [.. Scores(scored).Select(score => (double)score)]);

        Assert.Equal(55.57, metrics.Pearson * 100, 0.005);
        Assert.Equal(54.48, metrics.Spearman * 100, 0.005);
    }

    private static SentenceSimilarityOptions Options(int epochs) =>
        new() { Epochs = epochs, BatchSize = 4, LearningRate = 1e-2, MaxTokens = 16, WarmupShare = 0, Seed = 1 };

    private static void Refused<T>(string expected, Action action)
        where T : Exception => Assert.Contains(expected, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);

    private static float[] Scores(IDataView scored) => [.. scored.GetColumn<float>("Score")];

    private static void Equal(IEnumerable<float> expected, IEnumerable<float> actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
}
