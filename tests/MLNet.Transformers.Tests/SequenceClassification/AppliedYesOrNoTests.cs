using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceClassification.Examples;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Heads with two classes that are applied as yes or no.</summary>
public sealed class AppliedYesOrNoTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Yes_and_no_keep_their_columns_through_a_checkpoint()
    {
        IDataView data = Data(_ml, nameof(Example.Yes));
        using SequenceClassificationTransformer model = Train(_ml, nameof(Example.Yes), Options(3));
        model.SaveCheckpoint(_folder.Folder);
        SequenceClassificationEstimator estimator = _ml.Transformers().ApplySequenceClassification(_folder.Folder, new() { MaxTokens = 16 });
        using SequenceClassificationTransformer applied = estimator.Fit(data);

        (IDataView expected, IDataView actual) = (model.Transform(data), applied.Transform(data));

        Assert.Equal(expected.Schema.Select(column => (column.Name, column.Type)), actual.Schema.Select(column => (column.Name, column.Type)));
        using var chain = estimator.Append(_ml.Transforms.CopyColumns("Again", "Probability")).Fit(data);
        Assert.Equal(NumberDataViewType.Single, chain.Transform(data).Schema["Again"].Type);
        Assert.Equal(expected.GetColumn<bool>("PredictedLabel"), actual.GetColumn<bool>("PredictedLabel"));
        Assert.All(expected.GetColumn<float>("Probability").Zip(actual.GetColumn<float>("Probability")), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(_ml.BinaryClassification.Evaluate(expected).LogLoss, _ml.BinaryClassification.Evaluate(actual).LogLoss, 1e-5);
    }

    [Theory]
    [InlineData("no", 0)]
    [InlineData("yes", 1)]
    public void One_of_two_classes_counts_as_true(string positive, int slot)
    {
        IDataView data = TwoClasses();
        float[][] probabilities = Scores(Apply(new()), data);
        using SequenceClassificationTransformer applied = Apply(new() { PositiveLabel = positive, Threshold = 0.3, ProbabilityColumnName = "P" });
        _ml.Transformers().SaveModel(applied, data.Schema, _folder.File("model.zip"));
        using var loaded = (SequenceClassificationTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);

        foreach (SequenceClassificationTransformer one in (SequenceClassificationTransformer[])[applied, loaded])
        {
            IDataView scored = one.Transform(data);
            Assert.All(probabilities.Zip(scored.GetColumn<float>("P")), pair => Assert.Equal(pair.First[slot], pair.Second, 1e-5f));
            Assert.All(scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("P")), pair => Assert.Equal(1 / (1 + Math.Exp(-pair.First)), pair.Second, 1e-5));
            Assert.Equal(probabilities.Select(row => row[slot] >= 0.3), scored.GetColumn<bool>("PredictedLabel"));
        }
    }

    [Fact]
    public void Two_classes_with_names_of_their_own_stay_classes_where_none_is_the_positive_one()
    {
        IDataView data = TwoClasses();
        using SequenceClassificationTransformer applied = Apply(new());

        Assert.IsType<KeyDataViewType>(applied.Transform(data).Schema["PredictedLabel"].Type);
        Assert.Null(applied.Transform(data).Schema.GetColumnOrNull("Probability"));
    }

    [Theory]
    [InlineData(nameof(Example.Yes), "'True'")]
    [InlineData(nameof(Example.Class), "has 3 (", "'red', 'green', 'blue'")]
    [InlineData(nameof(Example.Number), "has 1 (", "regression")]
    [InlineData(nameof(Example.Flags), "has 3 (", "multi_label")]
    public void A_positive_label_that_is_none_of_two_classes_is_refused(string label, params string[] expected)
    {
        using SequenceClassificationTransformer model = Train(_ml, label, Options(1));
        model.SaveCheckpoint(_folder.Folder);

        string message = Assert.Throws<ArgumentException>(() => Apply(new() { PositiveLabel = "red!" })).Message;

        Assert.All(expected.Append("PositiveLabel is 'red!'"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private IDataView TwoClasses()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Rows.Select(row => new { row.Text, Label = row.Yes ? "yes" : "no" }).Reverse());
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        using SequenceClassificationTransformer model = _ml.Transformers().SequenceClassification(Network("bert"), Options(3)).Fit(data);
        Assert.Equal(["no", "yes"], model.Labels);
        model.SaveCheckpoint(_folder.Folder);
        return data;
    }

    private SequenceClassificationTransformer Apply(ApplySequenceClassificationOptions options) =>
        _ml.Transformers().ApplySequenceClassification(_folder.Folder, options).Fit(_ml.Data.LoadFromEnumerable(Rows));

    private static float[][] Scores(SequenceClassificationTransformer model, IDataView data)
    {
        using (model)
        {
            return [.. model.Transform(data).GetColumn<float[]>("Score")];
        }
    }
}
