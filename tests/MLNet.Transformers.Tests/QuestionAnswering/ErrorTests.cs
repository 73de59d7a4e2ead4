using Microsoft.ML;
using static MLNet.Transformers.Tests.QuestionAnswering.Questions;

namespace MLNet.Transformers.Tests.QuestionAnswering;

/// <summary>Options and columns that cannot be used are refused by name; rows that cannot be learnt are counted and named, and the others are learnt.</summary>
public class ErrorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_missing_column_is_named()
    {
        Refused("'Nowhere'", options => options.QuestionColumnName = "Nowhere");
        Refused("'Nowhere'", options => options.ContextColumnName = "Nowhere");
        Refused("'Nowhere'", options => options.AnswerColumnName = "Nowhere");
        Refused("'Nowhere'", options => options.AnswerStartColumnName = "Nowhere");
    }

    [Fact]
    public void A_column_of_the_wrong_type_is_named_with_its_role()
    {
        Refused("question column 'AnswerStart'", options => options.QuestionColumnName = "AnswerStart");
        Refused("context column 'AnswerStart'", options => options.ContextColumnName = "AnswerStart");
        Refused("answer column 'AnswerStart'", options => options.AnswerColumnName = "AnswerStart");
        Refused("start of the answer column 'Answer'", options => options.AnswerStartColumnName = "Answer");
    }

    [Fact]
    public void A_column_that_predictions_need_is_named()
    {
        using QuestionAnsweringTransformer model = Train(_ml, Options(1));

        var error = Assert.ThrowsAny<Exception>(() => model.Transform(_ml.Data.LoadFromEnumerable([new { Question = "who" }])));

        Assert.Contains("context column 'Context'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_allowed_is_named_with_its_option()
    {
        Refused("Stride must be at least 0", options => options.Stride = -1);
        Refused("TopAnswers must be at least 1", options => options.TopAnswers = 0);
        Refused("NBestSize must be at least 3", options => options.NBestSize = 2);
        Refused("MaxAnswerTokens must be at least 1", options => options.MaxAnswerTokens = 0);
        Refused("NullScoreThreshold", options => options.NullScoreThreshold = double.NaN);
        Refused("ScoreColumnName", options => options.NullScoreColumnName = options.ScoreColumnName);
        Refused("ContextColumnName", options => options.ContextColumnName = " ");
        Refused("24 positions", options => options.MaxTokens = 25);
        Refused("MaxTokens is 4", options => options.MaxTokens = 4);
        Refused("Head is Keep", options => options.Head = HeadSource.Keep);
        Refused("ValidationMetric", options => options.ValidationMetric = (QuestionAnsweringMetric)9);
    }

    [Fact]
    public void Defaults_are_those_of_the_reference()
    {
        var options = new QuestionAnsweringOptions();
        var applied = new ApplyQuestionAnsweringOptions();

        Assert.Equal((384, 128, 20, 30, 3, (double?)null), (options.MaxTokens, options.Stride, options.NBestSize, options.MaxAnswerTokens, options.TopAnswers, options.NullScoreThreshold));
        Assert.Equal((384, 128, 20, 30, 3, (double?)null), (applied.MaxTokens, applied.Stride, applied.NBestSize, applied.MaxAnswerTokens, applied.TopAnswers, applied.NullScoreThreshold));
    }

    [Fact]
    public void Answers_that_are_not_where_the_data_says_are_counted_and_named_and_the_rest_is_learnt()
    {
        List<string> log = Log(_ml);
        Row[] rows =
        [
            .. Rows,
            new() { Id = "absent", Question = "who", Context = "a lazy dog sleeps", Answer = "a cat", AnswerStart = 2 },
            new() { Id = "negative", Question = "who", Context = "a lazy dog sleeps", Answer = "dog", AnswerStart = -5 },
            new() { Id = "behind", Question = "who", Context = "a lazy dog sleeps", Answer = "sleeps", AnswerStart = 1000 },
            new() { Id = "twice", Question = "who", Context = "we work while we work", Answer = "we work", AnswerStart = 1 },
            new() { Id = "shifted", Question = "where", Context = "a lazy dog sleeps", Answer = "lazy dog", AnswerStart = 1 },
            new() { Id = "case", Question = "where", Context = "a lazy dog sleeps", Answer = "Lazy dog", AnswerStart = 2 },
            new() { Id = "blanks", Question = "what", Context = "a lazy dog sleeps", Answer = " lazy ", AnswerStart = 1 },
            new() { Id = "nothing", Question = "what", Context = "a lazy dog sleeps", Answer = null, AnswerStart = 3 },
            new() { Id = "no context", Question = "what", Context = null, Answer = "dog", AnswerStart = 0 },
        ];

        using QuestionAnsweringTransformer model = Train(_ml, Options(1), rows);

        Assert.Contains(log, line => line == "4 training rows have an answer that was not found in the context, and are skipped.");
        Assert.Contains(log, line => line ==
            "Answers that do not occur in the context: 3 ('absent', 'case', 'no context'); that occur several times in the context, but not where the data says: 1 ('twice'); "
            + "that occur once in the context, but elsewhere than the data says, and are learnt where they occur: 3 ('negative', 'behind', 'shifted').");
        Assert.Contains(log, line => line.StartsWith("Training on 13 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Vectors_of_other_lengths_are_counted_and_named_by_number_where_rows_have_no_id()
    {
        List<string> log = Log(_ml);
        var rows = Enumerable.Range(0, 8).Select(row => new
        {
            Question = "where", Context = "they met in old paris", Answer = new[] { "old paris", "paris" }, AnswerStart = row == 0 ? new[] { 12, 16 } : [12],
        });

        using QuestionAnsweringTransformer model = _ml.Transformers().QuestionAnswering(Tiny(Tokenizer()), Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Contains(log, line => line == "Answers that have another number of starts than of texts: 7 ('row 2', 'row 3', 'row 4', 'row 5', 'row 6' and 2 more).");
    }

    [Fact]
    public void An_empty_answer_before_another_one_is_passed_over()
    {
        List<string> log = Log(_ml);
        var rows = Enumerable.Range(0, 8).Select(_ => new
        {
            Question = "where", Context = "they met in old paris", Answer = new[] { "", "paris" }, AnswerStart = new[] { 0, 16 },
        });

        using QuestionAnsweringTransformer model = _ml.Transformers().QuestionAnswering(Tiny(Tokenizer()), Options(1)).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.DoesNotContain(log, line => line.Contains("learnt as if there were none", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_which_none_can_be_learnt_are_an_error()
    {
        Row[] rows = [new() { Question = "who", Context = "a lazy dog", Answer = "a cat" }];

        var error = Assert.Throws<InvalidOperationException>(() => Train(_ml, Options(1), rows));

        Assert.Contains("No training row is usable: there is no row, or all have an answer that was not found in the context", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_without_such_a_head_says_how_to_come_to_one()
    {
        using var folder = new Checkpoints.TemporaryFolder();
        using SequenceClassificationTransformer classifier = SequenceClassification.Reviews.Train(_ml, SequenceClassification.Reviews.Options(1));
        classifier.SaveCheckpoint(folder.Folder);

        var error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().ApplyQuestionAnswering(folder.Folder).Fit(_ml.Data.LoadFromEnumerable(Rows)));

        Assert.Contains("no head for question answering", error.Message, StringComparison.Ordinal);
        Assert.Contains("mlContext.Transformers().QuestionAnswering(checkpoint)", error.Message, StringComparison.Ordinal);
    }

    private void Refused(string expected, Action<QuestionAnsweringOptions> spoil)
    {
        QuestionAnsweringOptions options = Options(1);
        spoil(options);
        Exception error = Assert.ThrowsAny<Exception>(() => Train(_ml, options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
