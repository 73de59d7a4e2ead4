using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.BlankFilling;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.Pretraining;
using MLNet.Transformers.Tests.SequenceClassification;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.BlankFilling;

/// <summary>Blanks that a masked language model fills, the steps around that by pencil, and what is refused.</summary>
public sealed class BlankFillingTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_masked_language_model_comes_back_from_every_place_and_rows_do_not_depend_on_each_other()
    {
        string[] texts = ["a [MASK] film", "[MASK] and [MASK]", "no blank", "great fun, [MASK] acting and great music"];
        IDataView data = Data(texts);
        List<string> log = Reviews.Log(_ml);
        using MaskedLanguageModelTransformer model = _ml.Transformers().ApplyMaskedLanguageModel(Pretrained(), new() { TopK = 3, BatchSize = 2 }).Fit(data);

        string[] filled = Column<string>(model, data, "PredictedText");
        string[][] fillings = Column<string[]>(model, data, "Fillings");
        float[][] scores = Column<float[]>(model, data, "Score");
        Assert.Equal([3, 6, 0, 3], fillings.Select(own => own.Length));
        Assert.Equal([3, 6, 0, 3], scores.Select(own => own.Length));
        Assert.All(scores.SelectMany(own => own.Chunk(3)), best => Assert.True(best[0] >= best[1] && best[1] >= best[2] && best.Sum() is > 0 and < 1));
        Assert.Equal("no blank", filled[2]);
        Assert.All(filled, text => Assert.DoesNotContain("[MASK]", text));
        Assert.Contains(log, line => line.Contains("1 of 4 texts had no blank, which is written '[MASK]'", StringComparison.Ordinal));

        _ml.Transformers().SaveModel(model, data.Schema, _folder.File("model.zip"));
        using var loaded = (MaskedLanguageModelTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(scores, Column<float[]>(loaded, data, "Score"));
        Assert.Equal(filled, Column<string>(loaded, data, "PredictedText"));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        for (int row = 0; row < texts.Length; row++)
        {
            Answer one = engine.Predict(new Row { Text = texts[row] });
            Assert.Equal((filled[row], string.Join('|', fillings[row])), (one.PredictedText, string.Join('|', one.Fillings)));
            Assert.All(scores[row].Zip(one.Score), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }

        model.SaveCheckpoint(_folder.File("again"));
        using MaskedLanguageModelTransformer again = _ml.Transformers().ApplyMaskedLanguageModel(_folder.File("again"), new() { TopK = 3, BatchSize = 2 }).Fit(data);
        Assert.Equal(scores, Column<float[]>(again, data, "Score"));
    }

    [Fact]
    public void Every_blank_of_a_long_text_is_filled_by_what_stands_around_it()
    {
        string half = string.Join(' ', Enumerable.Repeat("great film", 20));
        IDataView data = Data($"{half} [MASK] {half} [MASK]", "a [MASK] film");
        List<string> log = Reviews.Log(_ml);
        using (MaskedLanguageModelTransformer model = _ml.Transformers().ApplyMaskedLanguageModel(Pretrained(), new() { MaxTokens = 12, BlankText = "?" }).Fit(data))
        {
            Assert.Equal(10, Column<string[]>(model, data, "Fillings")[0].Length);
            Assert.Equal(5, Column<string[]>(model, Data("a ? film"), "Fillings")[0].Length);
        }

        Assert.Contains(log, line => line.Contains("1 of 2 texts were longer than 12 tokens", StringComparison.Ordinal));
    }

    [Theory]
    // What stands before and behind shares the room, and what one side does not need the other has.
    [InlineData("8 9 10 11 12 13 ? 14 15 16 17 18 19 20 ? 21", 8, "1 12 13 3 14 15 16 2", "1 17 18 19 20 3 21 2")]
    // Two blanks share a stretch as long as half of it is left.
    [InlineData("8 9 10 11 12 13 14 ? 15 ? 16 17 18 19 20", 8, "1 14 3 15 3 16 17 2")]
    [InlineData("? 8 9 10 11 12 13 14", 8, "1 3 8 9 10 11 12 2")]
    [InlineData("8 ? 9", 5, "1 8 3 9 2")]
    [InlineData("8 ? 9", 3, "1 3 2")]
    public void A_long_text_is_read_in_stretches_around_its_blanks(string text, int maxTokens, params string[] expected)
    {
        var stretches = new BlankStretches(NumberedTokens.Of(37, "[CLS] $ [SEP]", ObjectiveNetworks.Named), Networks.Config("bert"), new BlankMarks(["[MASK]"], Numbered: false), maxTokens);

        Assert.Equal(expected, stretches.Of(Blanked(text)).Select(stretch => string.Join(' ', stretch.Tokens.Ids)));
    }

    [Fact]
    public void More_blanks_than_sentinels_are_read_in_several_stretches()
    {
        var stretches = new BlankStretches(NumberedTokens.Of(37, "$ [SEP]", ObjectiveNetworks.Named), Networks.Config("t5"), new BlankMarks(["<extra_id_0>", "<extra_id_1>"], Numbered: true), 18);

        Assert.Equal(["8 36 9 35 10 2"], Read("8 ? 9 ? 10"));
        Assert.Equal(["8 36 9 35 10 2", "10 36 11 2"], Read("8 ? 9 ? 10 ? 11"));

        IEnumerable<string> Read(string text) => stretches.Of(Blanked(text)).Select(stretch => string.Join(' ', stretch.Tokens.Ids));
    }

    [Theory]
    // As figure 2 of T5's paper: "<X> for inviting <Y> last <Z>" fills two blanks, and its last sentinel closes it.
    [InlineData("36 10 11 35 12 34 1", 2, "10 11|12")]
    [InlineData("36 10 11 35 12 1", 2, "10 11|12 1")]
    [InlineData("35 12 36 10", 2, "10|12")]
    [InlineData("36 35 12", 2, "|12")]
    [InlineData("36 10", 2, "10|-")]
    [InlineData("10 11", 1, "-")]
    public void What_is_written_is_read_back_by_its_sentinels(string written, int blanks, string expected)
    {
        int[]?[] read = SentinelFiller.Read(Ids(written), [36, 35, 34], blanks);

        Assert.Equal(expected, string.Join('|', read.Select(ids => ids is null ? "-" : string.Join(' ', ids))));
    }

    [Theory]
    [InlineData("8 20 9", "8|9", "20")]
    [InlineData("8 20 21 22 9", "8|9", "20 21 22")]
    [InlineData("8 9", "8|9", "")]
    [InlineData("20 9 21 10", "|9|10", "20|21")]
    [InlineData("8 20 9 21", "8|9|", "20|21")]
    // The first place counts between blanks, the end of the text behind the last.
    [InlineData("8 20 9 21 9 22 10 10", "8|9|10", "20|21 9 22 10")]
    [InlineData("8 20 21 9", "8||9", "|20 21")]
    [InlineData("20 8 9", "8|9", null)]
    [InlineData("8 20 9 21", "8|9", null)]
    [InlineData("8 20 10", "8|9|10", null)]
    [InlineData("8", "8|8", null)]
    public void What_is_written_anew_is_read_between_what_stands_around(string written, string around, string? expected)
    {
        int[][]? read = RewritingFiller.Read(Ids(written), [.. around.Split('|').Select(Ids)]);

        Assert.Equal(expected, read is null ? null : string.Join('|', read.Select(ids => string.Join(' ', ids))));
    }

    [Theory]
    [InlineData("bart-bbpe")]
    [InlineData("bert-uncased")]
    public void Texts_that_are_written_anew_are_read_with_the_tokens_of_their_vocabulary(string vocabulary)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", vocabulary));
        int[] written = tokenizer.Encode("the result of a path, and its support: the list.", null, new EncodeOptions { AddSpecialTokens = false }).Ids;

        int[][]? read = RewritingFiller.Read(written, RewritingFiller.Parts(tokenizer, ["the ", " of a ", ", and ", " support: the ", "."]));

        Assert.Equal(["result", "path", "its", "list"], read!.Select(ids => tokenizer.Decode(ids).Trim()));
    }

    [Theory]
    [InlineData("bert-uncased", 1)]
    [InlineData("bert-cased", 1)]
    [InlineData("roberta-bbpe-prefixspace", 1)]
    [InlineData("bart-bbpe", 1)]
    [InlineData("t5-unigram", 100)]
    [InlineData("t5-unigram-nonlegacy", 100)]
    public void Blanks_are_tokens_of_their_own_in_every_vocabulary(string vocabulary, int tokens)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", vocabulary));
        ModelConfig config = Networks.Config("t5", ("vocab_size", tokenizer.MaxId + 1));
        int[] sentinels = MLNet.Transformers.Text.Sentinels.Of(tokenizer, config);
        BlankMarks marks = tokens == 1 ? IBlankFiller.MaskOf(tokenizer) : new BlankMarks([.. sentinels.Select((_, number) => $"<extra_id_{number}>")], Numbered: true);
        int[] ids = [.. marks.Tokens.Select(token => tokenizer.TokenToId(token)!.Value)];

        BlankStretch stretch = Assert.Single(new BlankStretches(tokenizer, config, marks, 64).Of(TextWithBlanks.Of("the ___ of a ___, and___", marks.Pattern("___"))));

        Assert.Equal(tokens, marks.Tokens.Count);
        Assert.Equal(tokens == 1 ? [ids[0], ids[0], ids[0]] : ids[..3], stretch.Tokens.Ids.Where(ids.Contains));
    }

    [Theory]
    [InlineData("bert-uncased", "path", "result", "a path result", "a path [MASK]")]
    [InlineData("bert-uncased", "path", "##ries", "a pathries", "a path [MASK]")]
    [InlineData("bert-uncased", "path", "result", "(result)", "([MASK])")]
    [InlineData("bert-uncased", null, "result", "result.", "[MASK].")]
    [InlineData("roberta-bbpe-prefixspace", "ĠWhat", "Ġused", "What used", "What [MASK]")]
    [InlineData("roberta-bbpe-prefixspace", "ĠWhat", "Ġused", "What used", "What[MASK]")]
    [InlineData("roberta-bbpe-prefixspace", "ĠWhat", "ens", "Whatens", "What [MASK]")]
    public void A_token_stands_in_its_text_as_its_vocabulary_means_it(string vocabulary, string? before, string token, string expected, string text)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", vocabulary));

        (string filling, bool joins) = MaskFiller.InPlace(tokenizer, before is null ? null : tokenizer.TokenToId(before), tokenizer.TokenToId(token)!.Value);

        TextWithBlanks blanked = TextWithBlanks.Of(text, new BlankMarks(["[MASK]"], Numbered: false).Pattern(null));
        Assert.Equal(expected, blanked.Filled([new Filling([], [], filling) { Joins = joins }]));
    }

    [Fact]
    public void The_first_blank_is_filled_and_the_others_stay_where_they_are()
    {
        TextWithBlanks text = Blanked("a ? b ? c").FirstFilled("long filling");

        Assert.Equal("a long filling b ? c", text.Text);
        Assert.Equal(("?", " c"), (text.Written(0), text.Before(1)));
        Assert.Equal("a long filling b  c", text.FirstFilled("").Text);
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = new ApplyMaskedLanguageModelOptions();
        Assert.Equal(("Text", "PredictedText", "Fillings", "Score"), (options.TextColumnName, options.PredictedTextColumnName, options.FillingsColumnName, options.ScoreColumnName));
        Assert.Equal((null, 5, 32, null, Precision.Float32), (options.BlankText, options.TopK, options.BatchSize, options.MaxTokens, options.Precision));
        Assert.Equal("___", new BlankMarks(["<extra_id_0>"], Numbered: true).Written(null));
        Assert.Equal("<mask>", new BlankMarks(["<mask>"], Numbered: false).Written(null));
    }

    [Fact]
    public void What_does_not_go_is_named()
    {
        Checkpoint bert = SampleNetworks.Tiny();
        int tokens = bert.Config.VocabularySize;
        Refused<ArgumentException>("TextColumnName", () => Apply(bert, new() { TextColumnName = "" }));
        Refused<ArgumentException>("PredictedTextColumnName and ScoreColumnName are both 'x'", () => Apply(bert, new() { PredictedTextColumnName = "x", ScoreColumnName = "x" }));
        Refused<ArgumentException>("BlankText", () => Apply(bert, new() { BlankText = " " }));
        Refused<ArgumentOutOfRangeException>("TopK must be at least 1", () => Apply(bert, new() { TopK = 0 }));
        Refused<ArgumentOutOfRangeException>($"TopK is {tokens + 1}, but", () => Apply(bert, new() { TopK = tokens + 1 }));
        Refused<ArgumentOutOfRangeException>("MaxTokens is 30, but", () => Apply(bert, new() { MaxTokens = 30 }));
        Refused<ArgumentException>("Generation is null", () => Apply(bert, new() { Generation = null! }));
        Refused<ArgumentException>("Generation.ReturnedSequences is 2", () => Apply(bert, new() { Generation = new() { ReturnedSequences = 2 } }));
        Refused<NotSupportedException>("architecture 'llama', which has no head that fills blanks", () => Apply(PlainTexts.TinyLlama()));
        Refused<InvalidOperationException>("Fresh weights", () => Apply(bert).Fit(Data("a")));
        Refused<ArgumentOutOfRangeException>("'Text'", () => Apply(bert).Fit(_ml.Data.LoadFromEnumerable([new { Other = "a" }])));
        foreach (string row in (string[])["bert", "bart"])
        {
            var checkpoint = Checkpoint.FromConfig(Networks.Config(row), NumberedTokens.Of(37, "[CLS] $ [SEP]", (0, "[PAD]"), (1, "[CLS]"), (2, "[SEP]")));
            Refused<InvalidOperationException>("neither a mask token", () => Apply(checkpoint));
        }
        Refused<InvalidOperationException>("none of [MASK], [sMASK], [gMASK]", () => Apply(Checkpoint.FromConfig(
            Networks.Config("glm of 2022"), NumberedTokens.Of(37, "[CLS] $ [SEP]", (0, "[PAD]"), (1, "[CLS]"), (2, "[SEP]"), (6, "<|startofpiece|>"), (7, "<|endofpiece|>")))));
    }

    [Fact]
    public void A_checkpoint_without_the_head_is_named()
    {
        using (SequenceClassificationTransformer other = Reviews.Train(_ml, Reviews.Options(epochs: 1)))
        {
            other.SaveCheckpoint(_folder.File("classifier"));
        }

        Refused<CheckpointException>("has no head for masked language modelling", () => Apply(_folder.File("classifier")).Fit(Data("a [MASK]")));
    }

    private static void Refused<T>(string expected, Action action)
        where T : Exception => Assert.Contains(expected, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);

    private static TextWithBlanks Blanked(string text) => TextWithBlanks.Of(text, new BlankMarks(["[MASK]"], Numbered: false).Pattern("?"));

    private static int[] Ids(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private static T[] Column<T>(ITransformer model, IDataView data, string name) => [.. model.Transform(data).GetColumn<T>(name)];

    private MaskedLanguageModelEstimator Apply(Checkpoint checkpoint, ApplyMaskedLanguageModelOptions? options = null) => _ml.Transformers().ApplyMaskedLanguageModel(checkpoint, options);

    private IDataView Data(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    private string Pretrained()
    {
        using PretrainingTransformer model = _ml.Transformers()
            .Pretraining(SampleNetworks.Tiny(), new MaskedLanguageModelObjective(), new() { MaxSteps = 3, MaxTokens = 12 }).Fit(PlainTexts.Reviews(_ml));
        model.SaveCheckpoint(_folder.File("pretrained"));
        return _folder.File("pretrained");
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedText { get; set; } = "";

        public string[] Fillings { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
