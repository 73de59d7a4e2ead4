using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.SequenceToSequence;

namespace MLNet.Transformers.Tests.ClozeClassification;

/// <summary>Classes by what a language model finds most probable: of every architecture that writes.</summary>
public class ClozeClassificationTests
{
    private sealed class Row
    {
        public string? Text { get; set; }

        public string Pair { get; set; } = "";

        public string Kind { get; set; } = "";
    }

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private static readonly Row[] _rows =
    [
        new() { Text = "a dog runs", Kind = "animal" }, new() { Text = "she reads", Kind = "person" }, new() { Text = "snow", Kind = "weather" }, new() { Text = "the cat sleeps", Kind = "animal" },
        new() { Text = "two girls", Kind = "person" }, new() { Text = "he eats", Kind = "person" }, new() { Text = "the cat runs", Kind = "animal" }, new() { Text = "the snow", Kind = "weather" },
    ];

    private static readonly ClozeChoice[] _choices = [new("weather", "schnee"), new("animal", "ein hund"), new("person", "zwei maedchen")];

    private readonly MLContext _ml = new(1);

    // A network whose sources have a vocabulary of their own is refused: see TranslationTests.
    public static TheoryData<string> Architectures =>
        [.. EveryArchitectureTests.Architectures.Select(row => row.Data).Where(row => !MLNet.Transformers.Tests.Models.Networks.Config(row).HasSourceVocabulary)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Eight_rows_are_learnt_by_heart_and_the_same_when_loaded_or_applied(string row)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Keyed();
        using ClozeClassificationTransformer model = Trainer(row).Fit(data);
        IDataView predicted = model.Transform(data);

        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(predicted).MicroAccuracy);
        Assert.Equal(["animal", "person", "weather"], model.Choices.Select(choice => choice.Label));
        _ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
        using var loaded = (ClozeClassificationTransformer)_ml.Model.Load(folder.File("model.zip"), out _);
        Assert.Equal(Scores(predicted), Scores(loaded.Transform(data)));

        model.SaveCheckpoint(folder.File("checkpoint"));
        using ClozeClassificationTransformer applied = _ml.Transformers().ApplyClozeClassification(
            folder.File("checkpoint"), new() { Choices = [.. model.Choices], BatchSize = 1 }).Fit(data);
        Assert.All(Scores(predicted).Zip(Scores(applied.Transform(data))), pair => Networks.AssertClose(pair.First, pair.Second, 1e-4));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(applied, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal(1u, engine.Predict(_rows[0]).PredictedLabel);
    }

    [Fact]
    public void A_pattern_with_a_blank_in_its_middle_is_filled_there()
    {
        ClozeClassificationOptions options = Options();
        (options.Pattern, options.TextPairColumnName) = ("{pair} [MASK] : {text}", nameof(Row.Pair));
        using ClozeClassificationTransformer model = _ml.Transformers().ClozeClassification(Translations.Fresh("glm of 2022"), options).Fit(Keyed());

        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(model.Transform(Keyed())).MicroAccuracy);
    }

    [Fact]
    public void Longer_choices_are_not_worse_off_with_a_length_penalty()
    {
        IDataView data = Keyed();
        ClozeClassificationOptions plain = Options(1), penalized = Options(1);
        (plain.LearningRate, penalized.LearningRate, penalized.LengthPenalty) = (1e-30, 1e-30, 1);
        using ClozeClassificationTransformer sum = _ml.Transformers().ClozeClassification(Translations.Fresh("llama"), plain).Fit(data);
        using ClozeClassificationTransformer mean = _ml.Transformers().ClozeClassification(Translations.Fresh("llama"), penalized).Fit(data);

        // Two tokens of three classes: log-probabilities of the sum are twice those of the mean.
        foreach ((float[] one, float[] two) in Scores(sum.Transform(data)).Zip(Scores(mean.Transform(data))))
        {
            Assert.Equal(Math.Log(one[0] / one[1]), 2 * Math.Log(two[0] / two[1]), 1e-3);
        }
    }

    [Theory]
    [InlineData("no text for the label 'weather'", "animal,person")]
    [InlineData("names the label 'plant'", "animal,person,weather,plant")]
    [InlineData("'animal' alone", "animal")]
    [InlineData("holds the label 'animal' twice", "animal,animal")]
    public void Classes_and_choices_that_do_not_fit_are_named(string expected, string labels) => Refused(expected, options =>
        options.Choices = [.. labels.Split(',').Select((label, number) => new ClozeChoice(label, _choices[number % 3].Text + (number > 2 ? " brot" : "")))]);

    [Fact]
    public void Choices_of_the_same_tokens_are_named() =>
        Refused("'animal' and 'person' have the same tokens", options => options.Choices = [new("weather", "schnee"), new("animal", "brot"), new("person", "brot ")]);

    [Fact]
    public void A_pattern_without_its_text_is_named() => Refused("{text}", options => options.Pattern = "it was");

    [Fact]
    public void A_label_that_is_no_key_is_named() => Refused("'Kind'", options => options.LabelColumnName = "Kind");

    [Fact]
    public void An_encoder_cannot_fill_a_cloze() =>
        Assert.Contains("'bert'", Assert.Throws<NotSupportedException>(() => _ml.Transformers().ClozeClassification(SampleNetworks.Tiny())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_trained_LLaMA_tells_good_from_bad_as_it_is()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        IDataView data = _ml.Data.LoadFromEnumerable(new Row[] { new() { Text = "I loved this film, it made me happy." }, new() { Text = "I hated this film, it was a waste of time." } });
        using ClozeClassificationTransformer model = _ml.Transformers().ApplyClozeClassification(
            Shared.Path("weights", "SmolLM2-135M-Instruct"), new() { Pattern = "{text} The film was", Choices = [new("good", " great"), new("bad", " terrible")] }).Fit(data);

        Assert.Equal([1u, 2u], model.Transform(data).GetColumn<uint>("PredictedLabel"));
    }

    private static ClozeClassificationOptions Options(int epochs = 30) => new()
    {
        Epochs = epochs, BatchSize = 8, LearningRate = 1e-2, WeightDecay = 0, Choices = _choices, Seed = 1,
    };

    private static float[][] Scores(IDataView predicted) => [.. predicted.GetColumn<float[]>("Score")];

    // T5 begins with large weights, and takes larger steps.
    private ClozeClassificationTrainer Trainer(string row)
    {
        ClozeClassificationOptions options = Options(row == "t5" ? 60 : 30);
        options.LearningRate *= row == "t5" ? 3 : 1;
        return _ml.Transformers().ClozeClassification(Translations.Fresh(row), options);
    }

    private IDataView Keyed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Kind), keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
    }

    private void Refused(string expected, Action<ClozeClassificationOptions> spoil)
    {
        ClozeClassificationOptions options = Options(1);
        spoil(options);
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().ClozeClassification(Translations.Fresh("llama"), options).Fit(Keyed()));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
