using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Interop;
using MLNet.Transformers.Tests.Training;
using static MLNet.Transformers.Tests.QuestionAnswering.Questions;

namespace MLNet.Transformers.Tests.QuestionAnswering;

public class QuestionAnsweringTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Padding_and_batches_change_nothing()
    {
        using QuestionAnsweringTransformer model = Train(_ml, Options(3));
        Row[] rows =
        [
            .. Rows, new() { Question = null, Context = null }, new() { Question = "where", Context = "" }, new() { Question = "", Context = "paris" }, new() { Question = " ", Context = "  \t " },
            Ask("where", string.Join(' ', Enumerable.Repeat("they met in old paris last spring", 20)), null), new() { Question = "lone \ud800 half", Context = "a \udc00 b" },
            Ask(string.Join(' ', Enumerable.Repeat("where", 200)), "they met in old paris last spring", null),
        ];

        Found[] together = Answers(_ml, model, rows);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Found>(model, new PredictionEngineOptions { OwnsTransformer = false });

        for (int i = 0; i < rows.Length; i++)
        {
            Found alone = engine.Predict(rows[i]);
            Assert.Equal((together[i].PredictedAnswer, together[i].PredictedAnswerStart), (alone.PredictedAnswer, alone.PredictedAnswerStart));
            Assert.Equal(together[i].Score, alone.Score, 1e-5f);
            Assert.Equal(together[i].NullScore, alone.NullScore, 1e-4f);
            Assert.Equal(together[i].TopAnswerStarts, alone.TopAnswerStarts);
        }
        Assert.All(together[8..10], nothing => Assert.Equal(("", -1, 1f, float.PositiveInfinity, 0), (nothing.PredictedAnswer, nothing.PredictedAnswerStart, nothing.Score, nothing.NullScore, nothing.TopAnswers.Length)));
    }

    [Fact]
    public void A_written_checkpoint_is_applied_and_answers_the_same()
    {
        using var folder = new TemporaryFolder();
        using QuestionAnsweringTransformer model = Train(_ml);
        model.SaveCheckpoint(folder.Folder);

        using QuestionAnsweringTransformer applied = _ml.Transformers().ApplyQuestionAnswering(folder.Folder).Fit(_ml.Data.LoadFromEnumerable(Rows));

        Assert.Equal(
            Answers(_ml, model, Rows).Select(answer => (answer.PredictedAnswer, answer.PredictedAnswerStart, answer.Score)),
            Answers(_ml, applied, Rows).Select(answer => (answer.PredictedAnswer, answer.PredictedAnswerStart, answer.Score)));
        Assert.Contains("BertForQuestionAnswering", File.ReadAllText(folder.File("config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_head_answers_as_before()
    {
        using var folder = new TemporaryFolder();
        using QuestionAnsweringTransformer model = Train(_ml);
        model.SaveCheckpoint(folder.Folder);
        QuestionAnsweringOptions options = Options(1);
        (options.Head, options.LearningRate) = (HeadSource.Keep, 1e-30);

        using QuestionAnsweringTransformer kept = _ml.Transformers().QuestionAnswering(folder.Folder, options).Fit(_ml.Data.LoadFromEnumerable(Rows));
        options.Head = HeadSource.New;
        using QuestionAnsweringTransformer fresh = _ml.Transformers().QuestionAnswering(folder.Folder, options).Fit(_ml.Data.LoadFromEnumerable(Rows));

        Assert.Equal(Rows.Select(row => row.Answer ?? ""), Answers(_ml, kept, Rows).Select(answer => answer.PredictedAnswer));
        Assert.NotEqual(Answers(_ml, kept, Rows).Select(answer => answer.NullScore), Answers(_ml, fresh, Rows).Select(answer => answer.NullScore));
    }

    [Fact]
    public void A_question_without_an_answer_has_an_empty_one_unless_the_threshold_says_otherwise()
    {
        using var folder = new TemporaryFolder();
        using QuestionAnsweringTransformer model = Train(_ml);
        model.SaveCheckpoint(folder.Folder);
        Found[] Apply(double? threshold)
        {
            using QuestionAnsweringTransformer applied =
                _ml.Transformers().ApplyQuestionAnswering(folder.Folder, new() { NullScoreThreshold = threshold }).Fit(_ml.Data.LoadFromEnumerable(Rows));
            return Answers(_ml, applied, Rows);
        }
        Found[] found = Answers(_ml, model, Rows);

        Assert.All(Rows.Zip(found), pair => Assert.Equal(pair.First.Answer is null, pair.Second.NullScore > 0));
        Assert.All(Rows.Zip(found), pair => Assert.Equal(pair.First.AnswerStart, pair.Second.PredictedAnswerStart));
        Assert.Equal(found.Select(answer => answer.PredictedAnswer), Apply(null).Select(answer => answer.PredictedAnswer));
        Assert.All(Apply(double.MaxValue), answer => Assert.NotEmpty(answer.PredictedAnswer));
        Assert.All(Apply(-1e9), answer => Assert.Equal(("", -1), (answer.PredictedAnswer, answer.PredictedAnswerStart)));
        // What is at hand says nothing about questions without an answer where all rows have one.
        using QuestionAnsweringTransformer answerable = Train(_ml, Options(20), Rows.Where(row => row.Answer is not null));
        Assert.All(Answers(_ml, answerable, Rows), answer => Assert.NotEmpty(answer.PredictedAnswer));
    }

    [Fact]
    public void The_threshold_stands_beside_the_weights()
    {
        using var folder = new TemporaryFolder();
        using QuestionAnsweringTransformer answerable = Train(_ml, Options(1), Rows.Where(row => row.Answer is not null)), model = Train(_ml, Options(1));
        QuestionAnsweringEstimator Apply() => _ml.Transformers().ApplyQuestionAnswering(folder.Folder);
        model.SaveCheckpoint(folder.Folder);
        Assert.Equal("""{"null_score_threshold":0}""", File.ReadAllText(folder.File("question_answering.json")));
        answerable.SaveCheckpoint(folder.Folder);

        using (QuestionAnsweringTransformer applied = Apply().Fit(_ml.Data.LoadFromEnumerable(Rows)))
        {
            Assert.All(Answers(_ml, applied, Rows), answer => Assert.NotEmpty(answer.PredictedAnswer));
        }
        File.WriteAllText(folder.File("question_answering.json"), """{"null_score_threshold":"much"}""");

        string message = Assert.ThrowsAny<CheckpointException>(Apply).Message;

        Assert.Contains("question_answering.json", message, StringComparison.Ordinal);
        Assert.Contains("null_score_threshold", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_answers_come_in_the_order_of_their_scores()
    {
        QuestionAnsweringOptions options = Options(10);
        (options.TopAnswers, options.NBestSize) = (5, 7);
        using QuestionAnsweringTransformer model = Train(_ml, options);

        Found[] found = Answers(_ml, model, Rows);

        Assert.All(Rows.Zip(found), pair =>
        {
            Found answer = pair.Second;
            Assert.Equal((5, 5, 5), (answer.TopAnswers.Length, answer.TopAnswerStarts.Length, answer.TopScores.Length));
            Assert.Equal(answer.TopScores.OrderDescending(), answer.TopScores);
            Assert.Equal(5, answer.TopAnswers.Zip(answer.TopAnswerStarts).Distinct().Count());
            Assert.All(answer.TopAnswers.Zip(answer.TopAnswerStarts), top => Assert.Equal(top.First, pair.First.Context!.Substring(top.Second, top.First.Length)));
            Assert.InRange(answer.TopScores.Sum() + (answer.PredictedAnswer.Length == 0 ? answer.Score : 0), 0.5, 1.00001);
            if (answer.PredictedAnswer.Length > 0)
            {
                Assert.Equal((answer.TopAnswers[0], answer.TopAnswerStarts[0], answer.TopScores[0]), (answer.PredictedAnswer, answer.PredictedAnswerStart, answer.Score));
            }
        });
    }

    [Fact]
    public void Validation_rows_are_judged_by_words_in_common_by_equal_answers_and_by_loss()
    {
        var seen = new List<TrainingProgress>();
        foreach (QuestionAnsweringMetric metric in Enum.GetValues<QuestionAnsweringMetric>())
        {
            QuestionAnsweringOptions options = Options(40);
            (options.ValidationSet, options.ValidationMetric, options.Progress) = (_ml.Data.LoadFromEnumerable(Rows), metric, new Watcher(seen.Add));
            using QuestionAnsweringTransformer model = Train(_ml, options);
            Assert.Equal(Rows.Select(row => row.Answer ?? ""), Answers(_ml, model, Rows).Select(answer => answer.PredictedAnswer));
        }

        IReadOnlyDictionary<string, double> last = seen.Last(progress => progress.Validation is not null).Validation!;
        Assert.Equal((100, 100), (last["F1"], last["ExactMatch"]));
        Assert.InRange(last["Loss"], 0, 0.2);
    }

    [Fact]
    public void Several_answers_are_read_from_vectors_and_the_first_is_learnt()
    {
        var rows = Rows.Select(row => new
        {
            row.Question, row.Context, Answer = row.Answer is null ? [] : new[] { row.Answer, row.Context!.Split(' ')[^1] },
            AnswerStart = row.Answer is null ? [] : new[] { (long)row.AnswerStart, row.Context!.LastIndexOf(' ') + 1 },
        });

        using QuestionAnsweringTransformer model = _ml.Transformers().QuestionAnswering(Tiny(Tokenizer()), Options()).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(Rows.Select(row => row.Answer ?? ""), Answers(_ml, model, Rows).Select(answer => answer.PredictedAnswer));
    }

    [Fact]
    public void Columns_can_have_other_names()
    {
        QuestionAnsweringOptions options = Options(2);
        (options.QuestionColumnName, options.ContextColumnName, options.AnswerColumnName, options.AnswerStartColumnName) = ("Q", "C", "A", "S");
        (options.PredictedAnswerColumnName, options.PredictedAnswerStartColumnName, options.ScoreColumnName, options.NullScoreColumnName) = ("P", "PS", "Sc", "N");
        (options.TopAnswersColumnName, options.TopAnswerStartsColumnName, options.TopScoresColumnName) = ("T", "TS", "TSc");
        IDataView data = _ml.Data.LoadFromEnumerable(Rows.Select(row => new { Q = row.Question, C = row.Context, A = row.Answer, S = (float)row.AnswerStart }));
        QuestionAnsweringTrainer trainer = _ml.Transformers().QuestionAnswering(Tiny(Tokenizer()), options);

        using QuestionAnsweringTransformer model = trainer.Fit(data);

        string[] names = ["Q", "C", "A", "S", "P", "PS", "Sc", "N", "T", "TS", "TSc"];
        Assert.Equal(names, model.GetOutputSchema(data.Schema).Select(column => column.Name));
        Assert.Equal(names.Order(), trainer.GetOutputSchema(Shapes.Of(data.Schema)).Select(column => column.Name).Order());
        Dictionary<string, SchemaShape.Column> shapes = trainer.GetOutputSchema(Shapes.Of(data.Schema)).ToDictionary(column => column.Name);
        Assert.All(model.GetOutputSchema(data.Schema), column =>
        {
            Assert.Equal((column.Type as VectorDataViewType)?.ItemType ?? column.Type, shapes[column.Name].ItemType);
            Assert.Equal(column.Type is VectorDataViewType, shapes[column.Name].Kind == SchemaShape.Column.VectorKind.VariableVector);
        });
    }

    [Fact]
    public void Engines_on_several_threads_answer_the_same()
    {
        using QuestionAnsweringTransformer model = Train(_ml);

        Parallel.For(0, 4, thread =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<Row, Found>(model, new PredictionEngineOptions { OwnsTransformer = false });
            for (int i = 0; i < Rows.Length; i++)
            {
                Row row = Rows[(i + thread) % Rows.Length];
                Assert.Equal(row.Answer ?? "", engine.Predict(row).PredictedAnswer);
            }
        });
    }

    [Fact]
    public void One_engines_end_is_not_anothers()
    {
        QuestionAnsweringTransformer model = Train(_ml, Options(1));
        var first = _ml.Model.CreatePredictionEngine<Row, Found>(model);
        var second = _ml.Model.CreatePredictionEngine<Row, Found>(model);
        first.Dispose();

        Assert.Equal(3, second.Predict(Rows[0]).TopAnswers.Length);
        Assert.Throws<ObjectDisposedException>(() => model.SaveCheckpoint("nowhere"));
        second.Dispose();
        Assert.Contains(
            nameof(QuestionAnsweringTransformer), Assert.ThrowsAny<Exception>(() => second.Predict(Rows[0])).GetBaseException().Message, StringComparison.Ordinal);
    }
}
