using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class MulticlassTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public MulticlassTests() => _data = TextRows.View(_context, 60);

    [Fact]
    public void ML_NETs_evaluator_reads_the_columns()
    {
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label").Fit(_data).Transform(_data);
        using var model = new FakeClassifier(_context, KeyValues.Of(keyed.Schema["Label"])!);
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(model.Transform(keyed), topKPredictionCount: 2);
        Assert.Equal(1, metrics.MicroAccuracy);
        TextRow[] rows = TextRows.Make(60);
        Assert.Equal(rows.Average(row => -Math.Log(FakeClassifier.ScoresOf(row.Text, 3).Max())), metrics.LogLoss, 5);
        Assert.Equal(1, metrics.TopKAccuracy);
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.Contains("cherry", metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }

    [Fact]
    public void Cross_validation_runs()
    {
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label").Append(new FakeTrainer(_context));
        var folds = _context.MulticlassClassification.CrossValidate(_data, pipeline, 3);
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.Equal(1, fold.Metrics.MicroAccuracy));
    }

    [Fact]
    public void A_pipeline_with_names_at_its_end_fits_and_agrees_with_its_shape()
    {
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label").Append(new FakeTrainer(_context))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        SchemaShape shape = pipeline.GetOutputSchema(Shapes.Of(_data.Schema));
        SchemaShape.Column predicted = shape.Single(column => column.Name == "PredictedLabel");
        Assert.IsType<TextDataViewType>(predicted.ItemType);
        Assert.False(predicted.IsKey);
        IDataView result = pipeline.Fit(_data).Transform(_data);
        Assert.Equal(TextRows.Make(60).Select(row => row.Label), TextRows.Column<string>(result, "PredictedLabel"));
    }

    [Fact]
    public void The_shape_agrees_with_the_schema()
    {
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label").Fit(_data).Transform(_data);
        SchemaShape input = Shapes.Of(keyed.Schema);
        SchemaShape promised = new FakeTrainer(_context).GetOutputSchema(input);
        using var model = new FakeClassifier(_context, KeyValues.Of(keyed.Schema["Label"])!);
        SchemaShape made = Shapes.Of(model.GetOutputSchema(keyed.Schema));
        foreach (string name in new[] { "PredictedLabel", "Score" })
        {
            SchemaShape.Column expected = made.Single(column => column.Name == name), actual = promised.Single(column => column.Name == name);
            Assert.Equal((expected.Kind, expected.ItemType, expected.IsKey), (actual.Kind, actual.ItemType, actual.IsKey));
            Assert.Equal(Annotations(expected), Annotations(actual));
        }
        Assert.Equal(made.Select(column => column.Name).Order(), promised.Select(column => column.Name).Order());

        static IEnumerable<string> Annotations(SchemaShape.Column column) => column.Annotations.Select(a => $"{a.Name} {a.Kind} {a.ItemType} {a.IsKey}").Order();
    }

    [Fact]
    public void The_annotations_are_those_of_ML_NETs_own_trainers()
    {
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label").Fit(_data).Transform(_data);
        DataViewSchema own = _context.MulticlassClassification.Trainers.SdcaMaximumEntropy(featureColumnName: "Features", maximumNumberOfIterations: 1).Fit(keyed).Transform(keyed).Schema;
        using var model = new FakeClassifier(_context, KeyValues.Of(keyed.Schema["Label"])!);
        DataViewSchema ours = model.GetOutputSchema(keyed.Schema);
        foreach (string name in new[] { "PredictedLabel", "Score" })
        {
            Assert.Equal(own[name].Type, ours[name].Type);
            Assert.Equal(Describe(own[name]), Describe(ours[name]));
        }

        static IEnumerable<string> Describe(DataViewSchema.Column column) =>
            column.Annotations.Schema.Select(annotation => $"{annotation.Name} {annotation.Type} {Value(column.Annotations, annotation)}").Order();

        static string Value(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
        {
            if (annotation.Type is VectorDataViewType)
            {
                VBuffer<ReadOnlyMemory<char>> texts = default;
                annotations.GetValue(annotation.Name, ref texts);
                return string.Join(',', texts.DenseValues());
            }
            if (annotation.Type is TextDataViewType)
            {
                ReadOnlyMemory<char> text = default;
                annotations.GetValue(annotation.Name, ref text);
                return text.ToString();
            }
            uint number = 0;
            annotations.GetValue(annotation.Name, ref number);
            return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void A_second_set_of_columns_is_numbered_on()
    {
        using var model = FakeClassifier.WithClasses(_context, TextRows.Classes);
        using var second = new FakeClassifier(_context, model.Keys, suffix: "2");
        DataViewSchema schema = second.GetOutputSchema(model.GetOutputSchema(_data.Schema));
        Assert.NotEqual(Set("Score"), Set("Score2"));
        Assert.Equal(Set("PredictedLabel2"), Set("Score2"));

        uint Set(string column)
        {
            uint set = 0;
            schema[column].Annotations.GetValue("ScoreColumnSetId", ref set);
            return set;
        }
    }

    [Fact]
    public void Without_a_label_column_classes_are_promised_as_text()
    {
        SchemaShape shape = FakeClassifier.Outputs("PredictedLabel", "Score").Shape(Shapes.Of(_data.Schema), label: null);
        SchemaShape named = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").GetOutputSchema(shape);
        Assert.IsType<TextDataViewType>(named.Single(column => column.Name == "PredictedLabel").ItemType);
    }
}
