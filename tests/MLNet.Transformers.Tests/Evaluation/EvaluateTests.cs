using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Evaluation;

/// <summary>The verbs that judge a data view's columns.</summary>
public class EvaluateTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Tags_are_texts_or_keys_and_a_missing_key_is_outside()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable<TaggedRow>(
        [
            new() { Tags = ["B-PER", "I-PER", "O"], PredictedTags = ["B-PER", "I-PER", "B-LOC"] },
            new() { Tags = ["O"], PredictedTags = ["O"] },
        ]);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Tags", keyData: Known("I-PER", "B-PER"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("PredictedTags", keyData: Known("B-LOC", "B-PER", "I-PER"))).Fit(texts).Transform(texts);

        EntityMetrics metrics = _ml.Transformers().EvaluateTokenClassification(texts);

        Assert.Equal(new PrecisionRecall(0.5, 1, 2.0 / 3, 1), metrics.Micro);
        Assert.Equal(metrics.ToString(), _ml.Transformers().EvaluateTokenClassification(keys).ToString());
        Assert.Equal(0.75, metrics.TagAccuracy);
    }

    [Fact]
    public void Tags_of_another_number_name_the_columns_and_the_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<TaggedRow>([new() { Tags = ["O"], PredictedTags = ["O"] }, new() { Tags = ["O", "O"], PredictedTags = ["O"] }]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateTokenClassification(data));

        Assert.Equal("The columns 'Tags', 'PredictedTags': Row 2: 2 right tags and 1 predicted ones; both must be a tag a word.", error.Message);
    }

    [Fact]
    public void Entities_of_raw_texts_are_judged_by_their_characters()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<SpanRow>(
        [
            new() { SpanStart = [0, 9], SpanLength = [4, 5], SpanType = ["PER", "LOC"], EntityStart = [0, 9], EntityLength = [4, 4], EntityType = ["PER", "LOC"] },
            new() { EntityStart = [3], EntityLength = [2], EntityType = ["PER"] },
            new() { SpanStart = [3], SpanLength = [2], SpanType = ["PER"], EntityStart = [3], EntityLength = [2], EntityType = ["LOC"] },
        ]);

        EntityMetrics metrics = _ml.Transformers().EvaluateEntities(data);

        Assert.Equal(new PrecisionRecall(0.5, 0.5, 0.5, 2), metrics.ByType["PER"]);
        Assert.Equal(new PrecisionRecall(0, 0, 0, 1), metrics.ByType["LOC"]);
        Assert.Equal((0.25, 3), (metrics.Micro.Precision, metrics.Micro.Support));
        Assert.Equal(2 / 7.0, metrics.Micro.F1, 1e-12);
        Assert.Equal(double.NaN, metrics.TagAccuracy);
    }

    [Fact]
    public void Spans_without_a_type_name_their_columns_and_the_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<SpanRow>([new(), new() { SpanStart = [3], SpanLength = [2] }]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateEntities(data));

        Assert.Equal("The columns 'SpanStart', 'SpanLength', 'SpanType': Row 2: there are 1 starts, 1 lengths and 0 types of spans; expected as many of each.", error.Message);
        Assert.Contains("'Nowhere'", Assert.ThrowsAny<Exception>(() => _ml.Transformers().EvaluateEntities(data, spanTypeColumnName: "Nowhere")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheme_makes_it_strict()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<TaggedRow>([new() { Tags = ["I-PER"], PredictedTags = ["I-PER"] }]);

        Assert.Equal(1, _ml.Transformers().EvaluateTokenClassification(data).Micro.F1);
        Assert.Equal(0, _ml.Transformers().EvaluateTokenClassification(data, strict: TagScheme.Iob2).Micro.F1);
    }

    [Fact]
    public void Answers_may_be_several_one_or_none()
    {
        IDataView several = _ml.Data.LoadFromEnumerable<QuestionRow>(
        [
            new() { Id = "a", Answer = ["The cat", "dog"], PredictedAnswer = "cat", NullScore = -2 },
            new() { Id = "b", Answer = [], PredictedAnswer = "x", NullScore = 3 },
            new() { Id = "c", Answer = ["red cat"], PredictedAnswer = "red dog", NullScore = -1 },
        ]);

        QuestionAnsweringMetrics metrics = _ml.Transformers().EvaluateQuestionAnswering(several, nullScoreColumnName: "NullScore", idColumnName: "Id");

        Assert.Equal(100.0 / 3, metrics.All.ExactMatch, 1e-9);
        Assert.Equal(50, metrics.All.F1, 1e-9);
        Assert.Equal(new AnswerScores(50, 75, 2), metrics.HasAnswer);
        Assert.Equal(new AnswerScores(0, 0, 1), metrics.NoAnswer);
        Assert.Equal(-2, metrics.BestExactMatch!.Threshold);
        Assert.Equal(200.0 / 3, metrics.BestExactMatch.Score, 1e-9);
        Assert.Equal(-1, metrics.BestF1!.Threshold);
        Assert.Equal(250.0 / 3, metrics.BestF1.Score, 1e-9);
        Assert.Equal(250.0 / 3, _ml.Transformers().EvaluateQuestionAnswering(several, nullScoreColumnName: "NullScore", nullThreshold: 0).All.F1, 1e-9);
        Assert.Null(_ml.Transformers().EvaluateQuestionAnswering(several).BestF1);
    }

    [Fact]
    public void An_empty_single_answer_is_none()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<TextRow>([new() { Target = "", PredictedText = "" }, new() { Target = "a cat", PredictedText = "cat" }]);

        QuestionAnsweringMetrics metrics = _ml.Transformers().EvaluateQuestionAnswering(data, "Target", "PredictedText");

        Assert.Equal(1, metrics.NoAnswer!.Questions);
        Assert.Equal(100, metrics.All.ExactMatch);
    }

    [Fact]
    public void Data_without_anything_to_judge_is_refused_and_its_columns_are_named()
    {
        TransformersCatalog transformers = _ml.Transformers();
        IDataView tags = _ml.Data.LoadFromEnumerable(Array.Empty<SeveralRow>()), texts = _ml.Data.LoadFromEnumerable(Array.Empty<TextRow>());
        IDataView numbers = _ml.Data.LoadFromEnumerable(new[] { new { Label = 1f, Score = 1f } }[..0]);
        IDataView unlabelled = _ml.Data.LoadFromEnumerable<TextRow>([new() { Target = "", PredictedText = "a" }]);

        Refused("The columns 'Target', 'Target': There is no row.", () => transformers.EvaluateTokenClassification(tags, "Target", "Target"));
        Refused("The columns 'Target', 'PredictedText': There is no row.", () => transformers.EvaluateQuestionAnswering(texts, "Target", "PredictedText"));
        Refused("The columns 'Target', 'PredictedText': There is no row.", () => transformers.EvaluateSequenceToSequence(texts));
        Refused("The columns 'Target', 'PredictedText': There is no row.", () => transformers.EvaluateClassification(texts, "Target", "PredictedText"));
        Refused("The column 'Target' has no right class in any row.", () => transformers.EvaluateClassification(unlabelled, "Target", "PredictedText"));
        Refused("The columns 'Label', 'Score': There is no row.", () => transformers.EvaluateCorrelation(numbers));

        static void Refused(string message, Action evaluate) => Assert.Equal(message, Assert.Throws<InvalidOperationException>(evaluate).Message);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_named()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<QuestionRow>([new() { Id = "a" }, new() { Id = "b" }, new() { Id = "a" }]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateQuestionAnswering(data, idColumnName: "Id"));

        Assert.Equal("The columns 'Answer', 'PredictedAnswer', 'Id': Row 3 (id 'a') and row 1 have the same id; give each question once.", error.Message);
    }

    [Fact]
    public void Written_texts_are_judged_by_every_measure_against_one_or_several()
    {
        IDataView one = _ml.Data.LoadFromEnumerable<TextRow>([new() { Target = "a b c d", PredictedText = "a b c d" }, new() { Target = "x", PredictedText = "y" }]);
        IDataView several = _ml.Data.LoadFromEnumerable<SeveralRow>([new() { Target = ["q", "a b c d"], PredictedText = "a b c d" }, new() { Target = ["x", "y"], PredictedText = "y" }]);

        GeneratedTextMetrics metrics = _ml.Transformers().EvaluateSequenceToSequence(one);
        GeneratedTextMetrics better = _ml.Transformers().EvaluateSequenceToSequence(several);

        Assert.Equal(0.5, metrics.Rouge.Rouge1.F1, 1e-12);
        Assert.Equal(50, metrics.ExactMatch);
        Assert.Equal(20, metrics.Ter.Score);
        Assert.Equal(100 * Math.Pow(0.8, 0.25), metrics.Bleu.Score, 1e-9);
        Assert.Equal(95, metrics.Chrf.Score, 1e-9);
        Assert.Equal((1.0, 100.0, 0.0), (better.Rouge.Rouge1.F1, better.ExactMatch, better.Ter.Score));
        Assert.Equal(100, better.Bleu.Score, 1e-9);
        Assert.Equal(100, better.ChrfPlusPlus.Score, 1e-9);
        Assert.Equal(
            ["ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum", "BLEU", "chrF", "chrF++", "TER", "exact match", "texts"],
            metrics.ToString().Split('\n').Select(line => line.Split("  ")[0]));
    }

    [Fact]
    public void A_row_without_a_right_text_names_columns_and_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<SeveralRow>([new() { Target = [], PredictedText = "a" }]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateSequenceToSequence(data));

        Assert.StartsWith("The columns 'Target', 'PredictedText': Row 1: there is no reference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chinese_is_parted_as_it_is_asked_for()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<TextRow>([new() { Target = "我们昨天在北京", PredictedText = "我们昨天在南京" }]);

        Assert.Equal(0, _ml.Transformers().EvaluateSequenceToSequence(data).Bleu.Score);
        Assert.True(_ml.Transformers().EvaluateSequenceToSequence(data, tokenizer: BleuTokenizer.Chinese).Bleu.Score > 40);
    }

    [Fact]
    public void Classes_are_keys_texts_or_yes_and_no_and_rows_without_a_label_are_passed_over()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable<ClassRow>(
            [new() { Label = "a", PredictedLabel = "a" }, new() { Label = "b", PredictedLabel = "a" }, new() { Label = "b", PredictedLabel = "b" }, new() { Label = "", PredictedLabel = "b" }]);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: Known("b", "a"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("PredictedLabel")).Fit(texts).Transform(texts);

        ClassificationReport report = _ml.Transformers().EvaluateClassification(texts);

        Assert.Equal(2.0 / 3, report.Accuracy, 1e-12);
        Assert.Equal(0.5, report.Matthews, 1e-12);
        Assert.Equal([[1, 0], [1, 1]], report.Confusion);
        Assert.Equal(report.ToString(), _ml.Transformers().EvaluateClassification(keys).ToString());
        Assert.Equal(1, _ml.Transformers().EvaluateClassification(_ml.Data.LoadFromEnumerable<FlagRow>([new() { Label = true, PredictedLabel = true }])).ByClass["true"].F1);
    }

    [Fact]
    public void Several_labels_are_flags_numbers_or_keys()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<LabelsRow>(
        [
            new() { Label = [true, false], Numbers = [1, 0], Names = ["red"], Score = [0.9f, 0.1f] },
            new() { Label = [true, true], Numbers = [0.5f, 1], Names = ["blue", "red"], Score = [0.2f, 0.5f] },
        ]);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Names", keyData: Known("red", "blue")).Fit(data).Transform(data);

        MultiLabelMetrics flags = _ml.Transformers().EvaluateMultiLabelClassification(data);
        MultiLabelMetrics named = _ml.Transformers().EvaluateMultiLabelClassification(keys, "Names");

        Assert.Equal(0.5, flags.SubsetAccuracy);
        Assert.Equal(0.25, flags.HammingLoss);
        Assert.Equal(0.8, flags.Micro.F1, 1e-12);
        Assert.Equal((1 + 2.0 / 3) / 2, flags.SamplesF1, 1e-12);
        Assert.Equal(flags.ToString(), _ml.Transformers().EvaluateMultiLabelClassification(data, "Numbers").ToString());
        Assert.Equal(["red", "blue"], named.ByLabel.Keys);
        Assert.Equal(flags.ByLabel.Values, named.ByLabel.Values);
        Assert.Equal(1, _ml.Transformers().EvaluateMultiLabelClassification(data, threshold: 0.2).SubsetAccuracy, 1e-12);
    }

    [Fact]
    public void Keys_and_slots_belong_to_scores_by_their_names()
    {
        LabelsRow[] rows = [new() { Names = ["red"], Label = [false, true], Score = [0.1f, 0.9f] }, new() { Names = ["blue"], Label = [true, false], Score = [0.8f, 0.2f] }];
        (string, string[]) score = ("Score", ["blue", "red"]);
        IDataView scored = Slots(rows, score);
        IDataView Keyed(params string[] names) => _ml.Transforms.Conversion.MapValueToKey("Names", keyData: Known(names)).Fit(scored).Transform(scored);

        foreach (string[] names in (string[][])[["blue", "red"], ["red", "blue"]])
        {
            MultiLabelMetrics metrics = _ml.Transformers().EvaluateMultiLabelClassification(Keyed(names), "Names");
            Assert.Equal(1, metrics.SubsetAccuracy);
            Assert.Equal(names, metrics.ByLabel.Keys);
        }
        Assert.Equal(0, _ml.Transformers().EvaluateMultiLabelClassification(Slots(rows, score, ("Label", ["red", "blue"]))).SubsetAccuracy);
        Assert.Equal(1, _ml.Transformers().EvaluateMultiLabelClassification(Slots(rows, score, ("Label", ["Flags.0", "Flags.1"]))).SubsetAccuracy);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateMultiLabelClassification(Keyed("red", "green"), "Names"));
        Assert.Equal(
            "The keys of the column 'Names' stand for 'red', 'green', but the slots of the column 'Score' are 'blue', 'red'; expected the same labels, in any order.", error.Message);
    }

    [Fact]
    public void Rows_without_any_label_name_the_columns()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<LabelsRow>([new()]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateMultiLabelClassification(data));

        Assert.Equal("The columns 'Label', 'Score': Row 1: there are no labels.", error.Message);
    }

    [Fact]
    public void A_threshold_that_is_no_number_names_the_argument() => Assert.Equal("threshold", Assert.Throws<ArgumentOutOfRangeException>(
        () => _ml.Transformers().EvaluateMultiLabelClassification(_ml.Data.LoadFromEnumerable<LabelsRow>([new() { Label = [true], Score = [1] }]), threshold: double.NaN)).ParamName);

    [Fact]
    public void Numbers_of_either_width_are_correlated()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<NumberRow>(
            [new() { Label = 1, Score = 2 }, new() { Label = 2, Score = 1 }, new() { Label = 3, Score = 4 }, new() { Label = 3, Score = 5 }]);

        CorrelationMetrics metrics = _ml.Transformers().EvaluateCorrelation(data);

        Assert.Equal(0.7627700713964738, metrics.Pearson, 1e-12);
        Assert.Equal(0.7378647873726218, metrics.Spearman, 1e-12);
        Assert.Equal(0.5477225575051661, metrics.Kendall, 1e-12);
        Assert.Equal("Pearson   0.7628\nSpearman  0.7379\nKendall   0.5477\nrows           4", metrics.ToString());
    }

    [Fact]
    public void A_number_that_is_none_names_columns_and_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<NumberRow>([new() { Label = 1, Score = 2 }, new() { Label = 1, Score = float.NaN }]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transformers().EvaluateCorrelation(data));

        Assert.Equal("The columns 'Label', 'Score': Row 2: the predicted number is NaN.", error.Message);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        TransformersCatalog catalog = _ml.Transformers();
        IDataView data = _ml.Data.LoadFromEnumerable<NumberRow>([new()]);

        Names("T", () => catalog.EvaluateTokenClassification(data, "T"));
        Names("A", () => catalog.EvaluateQuestionAnswering(data, "A"));
        Names("X", () => catalog.EvaluateSequenceToSequence(data, "X"));
        Names("L", () => catalog.EvaluateClassification(data, "L"));
        Names("M", () => catalog.EvaluateMultiLabelClassification(data, "M"));
        Names("S", () => catalog.EvaluateCorrelation(data, scoreColumnName: "S"));
    }

    [Fact]
    public void A_column_of_another_type_is_named_with_what_it_holds()
    {
        TransformersCatalog catalog = _ml.Transformers();
        IDataView numbers = _ml.Data.LoadFromEnumerable<NumberRow>([new()]);
        IDataView texts = _ml.Data.LoadFromEnumerable<TextRow>([new()]);

        Names("Label", () => catalog.EvaluateTokenClassification(numbers, "Label"));
        Names("Score", () => catalog.EvaluateQuestionAnswering(numbers, "Score"));
        Names("Score", () => catalog.EvaluateSequenceToSequence(numbers, "Score"));
        Names("Number", () => catalog.EvaluateClassification(texts, "Target", predictedLabelColumnName: "Number"));
        Names("Target", () => catalog.EvaluateMultiLabelClassification(texts, "Target"));
        Names("Target", () => catalog.EvaluateCorrelation(texts, "Target"));
    }

    private static void Names(string column, Action action) => Assert.Contains($"'{column}'", Assert.Throws<ArgumentOutOfRangeException>(action).Message, StringComparison.Ordinal);

    private IDataView Known(params string[] names) => _ml.Data.LoadFromEnumerable(names.Select(name => new KnownRow { Name = name }));

    private IDataView Slots(IEnumerable<LabelsRow> rows, params (string Column, string[] Names)[] slots)
    {
        var definition = SchemaDefinition.Create(typeof(LabelsRow));
        foreach ((string column, string[] names) in slots)
        {
            definition[column].AddAnnotation(
                "SlotNames", new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(name => name.AsMemory())]), new VectorDataViewType(TextDataViewType.Instance, names.Length));
        }
        return _ml.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class KnownRow
    {
        public string Name { get; set; } = "";
    }

    private sealed class TaggedRow
    {
        public string[] Tags { get; set; } = [];

        public string[] PredictedTags { get; set; } = [];
    }

    private sealed class QuestionRow
    {
        public string Id { get; set; } = "";

        public string[] Answer { get; set; } = [];

        public string PredictedAnswer { get; set; } = "";

        public float NullScore { get; set; }
    }

    private sealed class TextRow
    {
        public string Target { get; set; } = "";

        public string PredictedText { get; set; } = "";

        public int Number { get; set; }
    }

    private sealed class SeveralRow
    {
        public string[] Target { get; set; } = [];

        public string PredictedText { get; set; } = "";
    }

    private sealed class ClassRow
    {
        public string Label { get; set; } = "";

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class FlagRow
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class LabelsRow
    {
        [VectorType(2)]
        public bool[] Label { get; set; } = [];

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        public string[] Names { get; set; } = [];

        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public double Label { get; set; }

        public float Score { get; set; }
    }

    private sealed class SpanRow
    {
        public int[] SpanStart { get; set; } = [];

        public int[] SpanLength { get; set; } = [];

        public string[] SpanType { get; set; } = [];

        public int[] EntityStart { get; set; } = [];

        public int[] EntityLength { get; set; } = [];

        public string[] EntityType { get; set; } = [];
    }
}
