using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceToSequence;

namespace MLNet.Transformers.Tests.BlankFilling;

/// <summary>Networks that write learn some blanks by heart, and fill them in whatever way they are asked.</summary>
public sealed class WrittenFillingTests : IDisposable
{
    private static readonly (string Text, string[] Fillings)[] _learnt =
    [
        ("a ___ runs", ["dog"]), ("the ___ eats the ___", ["cat", "bread"]), ("two ___", ["girls"]), ("___ reads a book", ["she"]), ("he ___ , he ___", ["eats bread", "sleeps"]),
    ];

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bart")]
    [InlineData("encoder-decoder")]
    [InlineData("t5")]
    [InlineData("glm of 2022")]
    public void Blanks_are_filled_as_they_were_learnt(string row)
    {
        string[] texts = [.. _learnt.Select(item => item.Text), "no blank", ""];
        string[] expected = [.. _learnt.Select(item => Filled(item.Text, item.Fillings)), "no blank", ""];
        IDataView data = Data(texts);
        List<string> log = Translations.Log(_ml);
        using MaskedLanguageModelTransformer model = _ml.Transformers().ApplyMaskedLanguageModel(Learnt(row), new() { BlankText = "___", BatchSize = 3 }).Fit(data);

        Assert.Equal(expected, Column<string>(model, data, "PredictedText"));
        Assert.Equal([.. _learnt.Select(item => item.Fillings), [], []], Column<string[]>(model, data, "Fillings"));
        Assert.All(Column<float[]>(model, data, "Score"), Assert.Empty);
        Assert.Contains(log, line => line.Contains("2 of 7 texts had no blank, which is written '___'", StringComparison.Ordinal));

        _ml.Transformers().SaveModel(model, data.Schema, _folder.File("model.zip"));
        using var loaded = (MaskedLanguageModelTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(expected, Column<string>(loaded, data, "PredictedText"));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal(expected, texts.Select(text => engine.Predict(new Row { Text = text }).PredictedText));

        model.SaveCheckpoint(_folder.File("again"));
        using MaskedLanguageModelTransformer again = _ml.Transformers().ApplyMaskedLanguageModel(_folder.File("again"), new() { BlankText = "___" }).Fit(data);
        Assert.Equal(expected, Column<string>(again, data, "PredictedText"));
    }

    [Theory]
    [InlineData("bart", "snow ___ ___", "she reads")]
    [InlineData("t5", "snow ___ ___", "<extra_id_2> dog")]
    public void Where_nothing_that_was_written_fills_a_blank_it_stays_and_is_counted(string row, string text, string written)
    {
        IDataView data = Data(text, "two ___");
        List<string> log = Translations.Log(_ml);
        using MaskedLanguageModelTransformer model = _ml.Transformers().ApplyMaskedLanguageModel(Learnt(row, (text, written)), new() { BlankText = "___" }).Fit(data);

        Assert.Equal([text, "two girls"], Column<string>(model, data, "PredictedText"));
        Assert.Equal([["", ""], ["girls"]], Column<string[]>(model, data, "Fillings"));
        Assert.Contains(log, line => line.Contains("2 of 3 blanks stay as they are", StringComparison.Ordinal));
    }

    [Fact]
    public void Blanks_may_be_written_as_sentinels_of_any_number()
    {
        IDataView data = Data("the <extra_id_7> eats the <extra_id_0>");
        using MaskedLanguageModelTransformer model = _ml.Transformers().ApplyMaskedLanguageModel(Learnt("t5")).Fit(data);

        Assert.Equal(["the cat eats the bread"], Column<string>(model, data, "PredictedText"));
    }

    private static string Filled(string text, params string[] fillings) =>
        string.Concat(text.Split("___").Zip([.. fillings, ""], (part, filling) => part + filling));

    private static IEnumerable<Translations.Row> Rows(string row, string text, string[] fillings)
    {
        string[] parts = text.Split("___");
        return row switch
        {
            "t5" => [new() { Source = Marked(0, number => $"<extra_id_{number}>"), Target = string.Join(' ', fillings.Select((filling, number) => $"<extra_id_{number}> {filling}")) }],
            "glm of 2022" => fillings.Select((filling, first) => new Translations.Row { Source = Marked(first, _ => "[MASK]"), Target = filling }),
            _ => [new() { Source = Marked(0, _ => "[MASK]"), Target = Filled(text, fillings) }],
        };

        string Marked(int first, Func<int, string> mark) =>
            string.Concat(parts.Select((part, number) => part + (number == parts.Length - 1 ? "" : number < first ? fillings[number] : mark(number))));
    }

    // A checkpoint that has learnt the blanks, and what to write for one more text.
    private string Learnt(string row, params (string Text, string Written)[] more)
    {
        string[] words = [.. _learnt.Select(item => Filled(item.Text, item.Fillings)), "no blank snow"];
        string[] sentinels = row == "t5" ? [.. Enumerable.Range(0, 8).Select(number => $"<extra_id_{number}>")] : [];
        Checkpoint fresh = Translations.FreshWith(WordTokenizer.Of(words, more: sentinels), row);
        IEnumerable<Translations.Row> rows = [.. _learnt.SelectMany(item => Rows(row, item.Text, item.Fillings)), .. more.SelectMany(item => Rows(row, item.Text, ["", ""]).Select(pair => new Translations.Row { Source = pair.Source, Target = item.Written }))];
        using SequenceToSequenceTransformer model = Translations.Train(
            _ml, fresh, Translations.Options(learningRate: row switch { "t5" => 3e-2, "encoder-decoder" => 2e-2, _ => 1e-2 }), rows);
        model.SaveCheckpoint(_folder.File("learnt"));
        return _folder.File("learnt");
    }

    private IDataView Data(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    private static T[] Column<T>(ITransformer model, IDataView data, string name) => [.. model.Transform(data).GetColumn<T>(name)];

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedText { get; set; } = "";
    }
}
