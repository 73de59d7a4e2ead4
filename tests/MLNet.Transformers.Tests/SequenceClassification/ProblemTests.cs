using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Training;
using static MLNet.Transformers.Tests.SequenceClassification.Examples;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>What the type of the label decides: columns, figures, what is written into config.json.</summary>
public class ProblemTests
{
    private sealed class YesOrNo
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Kinds => [.. Labels];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schema_is_known_before_there_is_data(string label)
    {
        IDataView data = Data(_ml, label);
        SequenceClassificationTrainer trainer = _ml.Transformers().SequenceClassification(Network("bert"), Options(1));
        IDataView stub = _ml.Data.LoadFromEnumerable(Rows);
        // What an estimator before it says of its columns is all that it knows.
        var keys = _ml.Transforms.Conversion.MapValueToKey(nameof(Example.Class)).Append(_ml.Transforms.CopyColumns("Label", label));

        using var model = keys.Append(trainer).Append(_ml.Transforms.CopyColumns("Again", "Score")).Fit(stub);
        DataViewSchema schema = model.Transform(stub).Schema;

        Assert.Equal(schema["Score"].Type, schema["Again"].Type);
        Assert.Equal(trainer.Fit(data).GetOutputSchema(data.Schema).Select(column => column.Name), schema.Select(column => column.Name).Where(name => name != "Again"));
    }

    [Theory]
    [InlineData(nameof(Example.Class), ProblemTypes.SingleLabel)]
    [InlineData(nameof(Example.Yes), ProblemTypes.SingleLabel)]
    [InlineData(nameof(Example.Number), ProblemTypes.Regression)]
    [InlineData(nameof(Example.Flags), ProblemTypes.MultiLabel)]
    public void The_problem_is_written_into_config_json(string label, string problem)
    {
        using var folder = new TemporaryFolder();
        using SequenceClassificationTransformer model = Train(_ml, label, Options(1));
        model.SaveCheckpoint(folder.Folder);

        JsonNode config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        Assert.Equal(problem, (string?)config["problem_type"]);
        Assert.Equal(model.Labels, config["id2label"]!.AsObject().Select(item => (string)item.Value!));
    }

    [Fact]
    public void A_head_without_a_problem_type_gets_that_of_the_labels()
    {
        using var folder = new TemporaryFolder();
        using SequenceClassificationTransformer model = Train(_ml, nameof(Example.Flags), Options(2));
        model.SaveCheckpoint(folder.Folder);
        JsonObject config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!.AsObject();
        config.Remove("problem_type");
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        SequenceClassificationOptions keep = Options(1);
        keep.Head = HeadSource.Keep;

        using SequenceClassificationTransformer again = _ml.Transformers().SequenceClassification(folder.Folder, keep).Fit(Data(_ml, nameof(Example.Flags)));
        again.SaveCheckpoint(folder.File("again"));

        Assert.Equal(ProblemTypes.MultiLabel, ModelConfig.FromFile(folder.File(Path.Combine("again", "config.json"))).ProblemType);
    }

    [Fact]
    public void Yes_and_no_have_the_columns_of_ML_NETs_own_binary_trainers()
    {
        IDataView data = Data(_ml, nameof(Example.Yes));
        using SequenceClassificationTransformer model = Train(_ml, nameof(Example.Yes), Options(3));
        IDataView scored = model.Transform(data);
        var own = _ml.Transforms.Text.FeaturizeText("Features", "Text")
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Fit(data).Transform(data).Schema;

        foreach (string name in (string[])["PredictedLabel", "Score", "Probability"])
        {
            Assert.Equal(own[name].Type, scored.Schema[name].Type);
            Assert.Equal(Annotations(own[name]), Annotations(scored.Schema[name]));
        }
        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(scored);
        Assert.InRange(metrics.LogLoss, 0, 10);

        using var engine = _ml.Model.CreatePredictionEngine<Example, YesOrNo>(model, new PredictionEngineOptions { OwnsTransformer = false });
        YesOrNo answer = engine.Predict(new Example { Text = "a great film" });
        Assert.Equal(1 / (1 + Math.Exp(-answer.Score)), answer.Probability, 1e-5);
        Assert.Equal(answer.Score >= 0, answer.PredictedLabel);
    }

    [Fact]
    public void A_number_has_the_column_of_ML_NETs_own_regression_trainers()
    {
        IDataView data = Data(_ml, nameof(Example.Number));
        using SequenceClassificationTransformer model = Train(_ml, nameof(Example.Number), Options(1));
        var own = _ml.Transforms.Text.FeaturizeText("Features", "Text").Append(_ml.Regression.Trainers.Sdca()).Fit(data).Transform(data).Schema["Score"];

        DataViewSchema schema = model.Transform(data).Schema;

        Assert.Equal(own.Type, schema["Score"].Type);
        Assert.Equal(Annotations(own), Annotations(schema["Score"]));
        Assert.Null(schema.GetColumnOrNull("PredictedLabel"));
    }

    [Fact]
    public void Several_labels_have_slot_names_and_a_threshold()
    {
        IDataView data = Data(_ml, nameof(Example.Flags));
        SequenceClassificationOptions options = Options(3);
        options.Threshold = 0.999;
        using SequenceClassificationTransformer model = Train(_ml, nameof(Example.Flags), options);
        using var folder = new TemporaryFolder();
        model.SaveCheckpoint(folder.Folder);
        using SequenceClassificationTransformer low = _ml.Transformers().ApplySequenceClassification(folder.Folder, new() { Threshold = 0.001 }).Fit(data);

        Assert.All(model.Transform(data).GetColumn<bool[]>("PredictedLabel"), flags => Assert.DoesNotContain(true, flags));
        Assert.All(low.Transform(data).GetColumn<bool[]>("PredictedLabel"), flags => Assert.DoesNotContain(false, flags));
        foreach (string name in (string[])["Score", "PredictedLabel"])
        {
            Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], Slots(model.Transform(data).Schema[name]));
        }
    }

    [Fact]
    public void Labels_are_named_by_the_slots_of_their_column()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Rows.Select(row => new { row.Text, Good = row.Yes ? 1f : 0, Long = row.Number }));
        IDataView data = _ml.Transforms.Concatenate("Label", "Good", "Long").Fit(rows).Transform(rows);

        using SequenceClassificationTransformer model = _ml.Transformers().SequenceClassification(Network("bert"), Options(1)).Fit(data);

        Assert.Equal(["Good", "Long"], model.Labels);
        Assert.Equal(["Good", "Long"], Slots(model.Transform(data).Schema["Score"]));
    }

    [Fact]
    public void Lists_of_keys_are_labels_and_an_empty_list_is_none_of_them()
    {
        var rows = Rows.Select((row, i) => new { row.Text, Topics = ((string[][])[["film", "old"], ["film"], ["music"], []])[i % 4] }).ToArray();
        IDataView raw = _ml.Data.LoadFromEnumerable(rows);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Topics").Fit(raw).Transform(raw);
        Assert.True(data.Schema["Label"].Type is VectorDataViewType { IsKnownSize: false, ItemType: KeyDataViewType });

        using SequenceClassificationTransformer model = _ml.Transformers().SequenceClassification(Network("bert"), Options()).Fit(data);
        bool[][] predicted = [.. model.Transform(data).GetColumn<bool[]>("PredictedLabel")];

        Assert.Equal(["film", "old", "music"], model.Labels);
        Assert.Equal(rows.Select(row => row.Topics), predicted.Select(flags => model.Labels.Where((_, i) => flags[i]).ToArray()));
    }

    [Theory]
    [InlineData(nameof(Example.Class), "Accuracy", "MacroF1", "Loss")]
    [InlineData(nameof(Example.Yes), "Accuracy", "MacroF1", "Loss")]
    [InlineData(nameof(Example.Number), "MeanSquaredError", "Pearson", "Spearman", "Loss")]
    [InlineData(nameof(Example.Flags), "MicroF1", "MacroF1", "SubsetAccuracy", "Loss")]
    public void Validation_measures_what_the_label_asks_for_and_keeps_the_best_epoch(string label, params string[] metrics)
    {
        var seen = new List<TrainingProgress>();
        SequenceClassificationOptions options = Options(40);
        options.ValidationSet = Data(_ml, label);
        options.Progress = new Watcher(seen.Add);
        using SequenceClassificationTransformer model = Train(_ml, label, options);

        IReadOnlyDictionary<string, double>[] judged = [.. seen.Select(progress => progress.Validation).OfType<IReadOnlyDictionary<string, double>>()];
        Assert.All(judged, result => Assert.Equal(metrics.Order(StringComparer.Ordinal), result.Keys.Order(StringComparer.Ordinal)));
        IDataView scored = model.Transform(Data(_ml, label));
        double best = judged.Max(result => result[metrics[0]]);
        double found = label switch
        {
            nameof(Example.Class) => _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy,
            nameof(Example.Yes) => _ml.BinaryClassification.Evaluate(scored).Accuracy,
            nameof(Example.Number) => _ml.Regression.Evaluate(scored).MeanSquaredError,
            _ => best,
        };
        Assert.Equal(label == nameof(Example.Number) ? judged.Min(result => result[metrics[0]]) : best, found, 1e-6);
        Assert.True(label == nameof(Example.Number) ? found < 0.02 : best > 0.9, $"{metrics[0]} {found}");
    }

    [Fact]
    public void Class_weights_and_smoothing_go_with_yes_and_no()
    {
        SequenceClassificationOptions options = Options(2, 5e-3);
        float[] plain = [.. Answers(Train(_ml, nameof(Example.Yes), options).Transform(Data(_ml, nameof(Example.Yes)))).Select(answer => answer.Score[0])];
        options.ClassWeights = new Dictionary<string, double> { ["True"] = 50 };
        float[] weighted = [.. Answers(Train(_ml, nameof(Example.Yes), options).Transform(Data(_ml, nameof(Example.Yes)))).Select(answer => answer.Score[0])];

        Assert.True(weighted.Average() > plain.Average(), $"{weighted.Average()} {plain.Average()}");
    }

    private static string[] Slots(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static IEnumerable<string> Annotations(DataViewSchema.Column column) => column.Annotations.Schema.Select(annotation =>
    {
        if (annotation.Type is TextDataViewType)
        {
            ReadOnlyMemory<char> text = default;
            column.Annotations.GetValue(annotation.Name, ref text);
            return $"{annotation.Name} {text}";
        }
        return annotation.Name;
    }).Order(StringComparer.Ordinal);
}
