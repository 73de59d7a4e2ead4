using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Interop;
using MLNet.Transformers.Tests.SequenceToSequence;

namespace MLNet.Transformers.Tests.TextToText;

/// <summary>Every task as text and back, so that the evaluators of the task read what was written.</summary>
public class TextToTextTests
{
    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string TextPair { get; set; } = "";

        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];

        public float Similarity { get; set; }

        public string Kind { get; set; } = "";

        public string PredictedText { get; set; } = "";
    }

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(TextToTextTemplates.Sentiment, "sst2 sentence: a film")]
    [InlineData(TextToTextTemplates.Paraphrase, "mrpc sentence1: a film sentence2: the {Text} music")]
    [InlineData(TextToTextTemplates.Entailment, "mnli hypothesis: the {Text} music premise: a film")]
    [InlineData(TextToTextTemplates.Tags, "tag words: ada lives here")]
    public void A_rows_columns_stand_in_the_template(string template, string expected)
    {
        IDataView read = Input(new() { Template = template, LabelColumnName = null }, new Row { Text = "a film", TextPair = "the {Text} music", Words = ["ada", "lives", "here"] });

        Assert.Equal([expected], read.GetColumn<string>("Source"));
        Assert.Equal([""], read.GetColumn<string>("Target"));
    }

    [Theory]
    [InlineData(2.6f, 0.2, "2.6")]
    [InlineData(2.71f, 0.2, "2.8")]
    [InlineData(3f, 0.2, "3.0")]
    [InlineData(-1.3f, 0.5, "-1.5")]
    [InlineData(7.4f, 1, "7")]
    [InlineData(0.5f, 0.00001, "0.50000")]
    [InlineData(float.NaN, 0.2, "")]
    public void Numbers_are_rounded_to_a_step(float number, double step, string expected) => Assert.Equal(
        [expected], Input(new() { LabelColumnName = nameof(Row.Similarity), Step = step }, new Row { Similarity = number }).GetColumn<string>("Target"));

    [Fact]
    public void Keys_and_tags_are_written_by_their_values()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new Row { Kind = "good", Tags = ["B-PER", "O"] }, new Row { Kind = "bad" }]);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Kind)).Append(_ml.Transforms.Conversion.MapValueToKey("TagKeys", nameof(Row.Tags))).Fit(rows).Transform(rows);

        Assert.Equal(["good", "bad"], Target("Label"));
        Assert.Equal(["B-PER O", ""], Target(nameof(Row.Tags)));
        Assert.Equal(["B-PER O", ""], Target("TagKeys"));

        IEnumerable<string> Target(string column) => _ml.Transformers().TextToTextInput(new() { LabelColumnName = column }).Fit(keys).Transform(keys).GetColumn<string>("Target");
    }

    [Fact]
    public void Words_and_tags_keep_their_places_beside_those_that_are_missing()
    {
        IDataView rows = Input(
            new() { Template = TextToTextTemplates.Tags, LabelColumnName = nameof(Row.Tags) }, new Row { Words = ["ada", "", "New York"], Tags = ["B-PER", "", "B-LOC"] });

        Assert.Equal(["tag words: ada _ New_York"], rows.GetColumn<string>("Source"));
        Assert.Equal(["B-PER _ B-LOC"], rows.GetColumn<string>("Target"));
    }

    [Fact]
    public void A_column_of_another_type_is_named_before_there_are_rows()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable([new { Text = 1 }]);

        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transformers().TextToTextInput(new() { LabelColumnName = null }).GetOutputSchema(Shapes.Of(numbers.Schema))).Message;

        Assert.Contains("'Text'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_are_read_back_and_what_is_none_is_missing()
    {
        IDataView data = Keyed(("good", "good"), ("bad", " bad "), ("good", "nonsense"));
        IDataView read = _ml.Transformers().TextToTextLabel().Fit(data).Transform(data);

        Assert.Equal([1u, 2u, 0u], read.GetColumn<uint>("PredictedLabel"));
        Assert.Equal([[1, 0], [0, 1], [0.5f, 0.5f]], read.GetColumn<float[]>("Score"));
        Assert.Equal(["good", "bad", null], _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(read).Transform(read).GetColumn<string>("PredictedLabel").Select(text => string.IsNullOrEmpty(text) ? null : text));
        IDataView right = Keyed(("good", "good"), ("bad", "bad"));
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(_ml.Transformers().TextToTextLabel().Fit(right).Transform(right)).MicroAccuracy);
    }

    [Fact]
    public void Numbers_are_read_back()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(((string[])["3.8", "-1", "nan", "many"]).Select(text => new Row { PredictedText = text }));

        Assert.Equal([3.8f, -1, -1, -1], _ml.Transformers().TextToTextNumber().Fit(data).Transform(data).GetColumn<float>("Score"));
        Assert.Equal([3.8f, -1, 0, 0], _ml.Transformers().TextToTextNumber(new() { MissingNumber = 0 }).Fit(data).Transform(data).GetColumn<float>("Score"));
    }

    [Fact]
    public void There_is_a_tag_for_each_word_whatever_was_written()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(((string[])["B-PER O O", "B-PER", "", "B-PER O O B-LOC"]).Select(text => new Row { PredictedText = text, Words = ["ada", "lives", "here"] }));

        Assert.Equal(
            [["B-PER", "O", "O"], ["B-PER", "O", "O"], ["O", "O", "O"], ["B-PER", "O", "O"]],
            _ml.Transformers().TextToTextTags().Fit(data).Transform(data).GetColumn<ReadOnlyMemory<char>[]>("PredictedTags").Select(tags => tags.Select(tag => tag.ToString()).ToArray()));
    }

    [Fact]
    public void The_evaluators_of_each_task_read_what_was_written()
    {
        IDataView tags = _ml.Data.LoadFromEnumerable([new Row { Words = ["ada", "lives", "here"], Tags = ["B-PER", "O", "B-LOC"], PredictedText = "B-PER O" }]);
        Assert.Equal(0.5, _ml.Transformers().EvaluateTokenClassification(_ml.Transformers().TextToTextTags().Fit(tags).Transform(tags)).Micro.Recall);

        IDataView numbers = _ml.Data.LoadFromEnumerable(((string[])["1.0", "2.2", "5.0"]).Select((text, number) => new Row { PredictedText = text, Similarity = number }));
        IDataView read = _ml.Transformers().TextToTextNumber().Fit(numbers).Transform(numbers);
        Assert.Equal(0.96, _ml.Transformers().EvaluateCorrelation(read, nameof(Row.Similarity)).Pearson, 0.02);
        Assert.True(_ml.Regression.Evaluate(read, nameof(Row.Similarity)).RSquared < 1);

        IDataView answers = _ml.Data.LoadFromEnumerable([new { Answer = "Ada", PredictedText = "the ada" }]);
        Assert.Equal(100, _ml.Transformers().EvaluateQuestionAnswering(answers, predictedAnswerColumnName: "PredictedText").All.ExactMatch);

        IDataView classes = Keyed(("good", "good"), ("bad", "nonsense"));
        Assert.Equal(0.5, _ml.Transformers().EvaluateClassification(classes, nameof(Row.Kind), "PredictedText").Accuracy);
    }

    [Fact]
    public void T5_classifies_by_text_in_one_pipeline_that_is_saved_and_loaded()
    {
        using var folder = new TemporaryFolder();
        Row[] rows = [.. Translations.Rows.Select((row, number) => new Row { Text = row.Source!, Kind = number % 2 == 0 ? "schnee" : "ein hund" })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SequenceToSequenceOptions options = Translations.Options(40, 3e-2);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Kind))
            .Append(_ml.Transformers().TextToTextInput(new() { Template = "translate : {Text}" }))
            .Append(_ml.Transformers().SequenceToSequence(Translations.Fresh("t5"), options))
            .Append(_ml.Transformers().TextToTextLabel());
        using var model = pipeline.Fit(data);
        _ml.Transformers().SaveModel(model, data.Schema, folder.File("model.zip"));
        ITransformer loaded = _ml.Model.Load(folder.File("model.zip"), out _);

        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(loaded.Transform(data)).MicroAccuracy);
        // Rows to predict have no label.
        Assert.Equal([2u], loaded.Transform(_ml.Data.LoadFromEnumerable([new { Text = rows[1].Text, Kind = "" }])).GetColumn<uint>("PredictedLabel"));
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void Columns_that_are_missing_or_of_a_wrong_type_are_named()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Text = "a", Number = 1, Label = "good", PredictedText = 1f }]);

        Refused("'NoSuch'", () => _ml.Transformers().TextToTextInput(new() { Template = "{NoSuch}", LabelColumnName = null }).Fit(data));
        Refused("'Number'", () => _ml.Transformers().TextToTextInput(new() { Template = "{Number}", LabelColumnName = null }).Fit(data));
        Refused("'PredictedText'", () => _ml.Transformers().TextToTextNumber().Fit(data));
        Refused("'Label'", () => _ml.Transformers().TextToTextLabel(new() { PredictedTextColumnName = "Text" }).Fit(data));
        Refused("'Words'", () => _ml.Transformers().TextToTextTags(new() { PredictedTextColumnName = "Text" }).Fit(data));
        Refused("Template is 'a {Text'", () => _ml.Transformers().TextToTextInput(new() { Template = "a {Text" }));
        Refused("Template is '{Text} a}'", () => _ml.Transformers().TextToTextInput(new() { Template = "{Text} a}" }));
        Refused("Template is 'Text'", () => _ml.Transformers().TextToTextInput(new() { Template = "Text" }));
        Refused("Step", () => _ml.Transformers().TextToTextInput(new() { Step = 0 }));

        static void Refused(string expected, Action action) => Assert.Contains(expected, Assert.ThrowsAny<Exception>(action).Message, StringComparison.Ordinal);
    }

    private IDataView Input(TextToTextInputOptions options, Row row)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([row]);
        return _ml.Transformers().TextToTextInput(options).Fit(data).Transform(data);
    }

    private IDataView Keyed(params (string Label, string Written)[] rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(row => new Row { Kind = row.Label, PredictedText = row.Written }));
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Kind)).Fit(data).Transform(data);
    }
}
