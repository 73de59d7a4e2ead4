using Microsoft.ML;
using Microsoft.ML.Data;
using static MLNet.Transformers.Tests.SequenceClassification.Examples;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Labels that cannot be learnt are named, and those that are missing are skipped and counted.</summary>
public class LabelErrorTests
{
    private sealed class Varying
    {
        public string Text { get; set; } = "";

        public float[] Label { get; set; } = [];
    }

    private sealed class Flagged
    {
        public string Text { get; set; } = "";

        public bool[] Label { get; set; } = [];
    }

    private sealed class Sized
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Single
    {
        public string Text { get; set; } = "";

        [VectorType(1)]
        public bool[] Label { get; set; } = [];
    }

    private sealed class FlagsOfThree
    {
        public string Text { get; set; } = "";

        [VectorType(3)]
        public bool[]? Label { get; set; }
    }

    private sealed class NumbersOfThree
    {
        public string Text { get; set; } = "";

        [VectorType(3)]
        public float[] Label { get; set; } = [];
    }

    private sealed class OfThree
    {
        public string Text { get; set; } = "";

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class OfFive
    {
        public string Text { get; set; } = "";

        [KeyType(5)]
        public uint Label { get; set; }
    }

    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_label_of_a_type_that_no_problem_reads() =>
        Refused(Rows.Select(row => new { row.Text, Label = (double)row.Number }), "'Label'", "Boolean", "Single (as ConvertType makes it", "Key", "Double");

    [Fact]
    public void A_whole_number_as_label() =>
        Refused(Rows.Select(row => new { row.Text, Label = row.Text!.Length }), "'Label'", "Single (as ConvertType makes it", "Key (as MapValueToKey makes it", "Int32");

    [Fact]
    public void A_text_as_label() => Refused(Rows.Select(row => new { row.Text, Label = row.Class }), "'Label'", "MapValueToKey", "String");

    [Fact]
    public void Vectors_of_varying_length() =>
        Refused(Rows.Select(row => new Varying { Text = row.Text!, Label = [1, 0] }), "'Label'", "vector of known size (as [VectorType(n)] makes it", "Vector<Single");

    [Fact]
    public void Vectors_of_flags_of_varying_length() =>
        Refused(Rows.Select(row => new Flagged { Text = row.Text!, Label = [row.Yes, true] }), "'Label'", "vector of known size (as [VectorType(n)] makes it", "Vector<Boolean");

    [Fact]
    public void A_number_of_a_label_that_is_no_share() =>
        Refused(Rows.Select((row, i) => new Sized { Text = row.Text!, Label = [0, i == 3 ? 2 : 1] }), "'Label'", "holds 2 in row 4", "from 0, no, to 1, yes");

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Vectors_of_another_length_than_the_type_says_name_column_row_and_lengths(int length)
    {
        string[] expected = ["'Label'", $"holds {length} labels in row 3", "expected 3"];
        Refused(Rows.Select((row, i) => new FlagsOfThree { Text = row.Text!, Label = new bool[i == 2 ? length : 3] }), expected);
        Refused(Rows.Select((row, i) => new NumbersOfThree { Text = row.Text!, Label = new float[i == 2 ? length : 3] }), expected);
    }

    [Fact]
    public void Vectors_that_all_have_another_length_than_the_type_says() =>
        Refused(Rows.Select(row => new FlagsOfThree { Text = row.Text!, Label = [true, false] }), "'Label'", "holds 2 labels in row 1", "expected 3");

    [Fact]
    public void A_validation_set_whose_vectors_have_another_length_than_the_type_says()
    {
        SequenceClassificationOptions options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new FlagsOfThree { Text = row.Text!, Label = new bool[i == 1 ? 4 : 3] }));

        var error = Assert.Throws<InvalidOperationException>(() => Train(_ml, nameof(Example.Flags), options));

        Assert.Contains("'Label' holds 4 labels in row 2; expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_that_are_all_missing() => Refused(Rows.Select((row, i) => new FlagsOfThree { Text = row.Text!, Label = i % 2 == 0 ? null : [] }), "No training row is usable");

    [Fact]
    public void Missing_vectors_are_skipped_and_counted()
    {
        List<string> log = Reviews.Log(_ml);
        IDataView data = _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new FlagsOfThree { Text = row.Text!, Label = i == 0 ? null : i == 1 ? [] : row.Flags }));

        using SequenceClassificationTransformer model = _ml.Transformers().SequenceClassification(Network("bert"), Options(1)).Fit(data);

        Assert.Contains(log, line => line.StartsWith("2 training rows have a label that is no number, or none at all", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("Training on 6 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vector_of_one_label() => Refused(Rows.Select(row => new Single { Text = row.Text!, Label = [row.Yes] }), "'Label'", "1 class", "at least two");

    [Fact]
    public void Rows_that_all_say_yes() => Refused(Rows.Select(row => new { row.Text, Label = true }), "'True'", "'Label'", "at least two classes");

    [Fact]
    public void Numbers_of_which_none_is_one() =>
        Refused(Rows.Select(row => new { row.Text, Label = float.NaN }), "No training row is usable", "have no finite number as their label");

    [Theory]
    [InlineData(nameof(Example.Number), "1 training rows have no finite number as their label")]
    [InlineData(nameof(Sized), "1 training rows have a label that is no number")]
    public void A_label_that_is_no_number_is_skipped_and_counted(string label, string expected)
    {
        List<string> log = Reviews.Log(_ml);
        IDataView data = label == nameof(Sized)
            ? _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new Sized { Text = row.Text!, Label = [i % 2, i == 2 ? float.NaN : 1] }))
            : _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new { row.Text, Label = i == 2 ? float.NaN : row.Number }));

        using SequenceClassificationTransformer model = _ml.Transformers().SequenceClassification(Network("bert"), Options(1)).Fit(data);

        Assert.Contains(log, line => line.StartsWith(expected, StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("Training on 7 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_text_is_an_empty_one_with_every_kind_of_label()
    {
        foreach (string label in Labels)
        {
            using SequenceClassificationTransformer model = Train(_ml, label, Options(1));
            Answer[] answers = Answers(model.Transform(_ml.Data.LoadFromEnumerable((Example[])[new() { Text = null }, new() { Text = "" }])));
            Equal([answers[0]], [answers[1]], 0);
        }
    }

    [Theory]
    [InlineData(nameof(Example.Number), "ClassWeights")]
    [InlineData(nameof(Example.Flags), "ClassWeights")]
    [InlineData(nameof(Example.Number), "LabelSmoothing")]
    [InlineData(nameof(Example.Number), "ValidationMetric Accuracy")]
    [InlineData(nameof(Example.Class), "ValidationMetric Pearson")]
    public void Options_that_do_not_go_with_the_label(string label, string option)
    {
        SequenceClassificationOptions options = Options(1);
        switch (option.Split(' '))
        {
            case ["ClassWeights"]:
                options.ClassWeights = new Dictionary<string, double> { ["LABEL_0"] = 2 };
                break;
            case ["LabelSmoothing"]:
                options.LabelSmoothing = 0.1;
                break;
            default:
                options.ValidationMetric = Enum.Parse<ClassificationMetric>(option.Split(' ')[1]);
                break;
        }
        Assert.Contains($"{option} does not go with labels", Assert.Throws<ArgumentException>(() => Train(_ml, label, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_with_other_slots()
    {
        SequenceClassificationOptions options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(Rows.Select(row => new Sized { Text = row.Text!, Label = [0, 1] }));
        Assert.Contains("ValidationSet", Assert.Throws<InvalidOperationException>(() => Train(_ml, nameof(Example.Flags), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_with_labels_of_another_type()
    {
        SequenceClassificationOptions options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(Rows.Select(row => new { row.Text, Label = row.Number }));

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Train(_ml, nameof(Example.Flags), options)).Message;

        Assert.Contains("ValidationSet", message, StringComparison.Ordinal);
        Assert.Contains("Single", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_with_more_keys_that_have_no_values()
    {
        SequenceClassificationOptions options = Options(1);
        options.ValidationSet = _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new OfFive { Text = row.Text!, Label = (uint)(i % 5) + 1 }));
        IDataView data = _ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new OfThree { Text = row.Text!, Label = (uint)(i % 3) + 1 }));

        Assert.Contains("ValidationSet", Assert.Throws<InvalidOperationException>(
            () => _ml.Transformers().SequenceClassification(Network("bert"), options).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SequenceClassificationOptions.Threshold))]
    [InlineData(nameof(SequenceClassificationOptions.Stride))]
    [InlineData(nameof(SequenceClassificationOptions.LongTexts))]
    public void Values_that_are_not_allowed_are_refused_at_once(string option)
    {
        SequenceClassificationOptions options = Options(1);
        ApplySequenceClassificationOptions apply = new();
        switch (option)
        {
            case nameof(options.Threshold):
                options.Threshold = apply.Threshold = 1.5;
                break;
            case nameof(options.Stride):
                options.Stride = apply.Stride = -1;
                break;
            default:
                options.LongTexts = apply.LongTexts = (LongTexts)9;
                break;
        }
        Assert.Contains(option, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transformers().SequenceClassification(Network("bert"), options)).Message, StringComparison.Ordinal);
        Assert.Contains(option, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transformers().ApplySequenceClassification(Network("bert"), apply)).Message, StringComparison.Ordinal);
    }

    private void Refused<T>(IEnumerable<T> rows, params string[] expected)
        where T : class
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceClassification(Network("bert"), Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows)));
        Assert.All(expected, part => Assert.Contains(part, error.GetBaseException().Message, StringComparison.Ordinal));
    }
}
