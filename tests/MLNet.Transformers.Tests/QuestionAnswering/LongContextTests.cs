using Microsoft.ML;
using static MLNet.Transformers.Tests.QuestionAnswering.Questions;

namespace MLNet.Transformers.Tests.QuestionAnswering;

/// <summary>Contexts many windows long: a network that has learnt to find one word finds it wherever it stands.</summary>
public class LongContextTests
{
    private const int Words = 60;

    private readonly MLContext _ml = new(1);

    [Fact]
    public void An_answer_at_any_place_of_a_long_context_is_found_to_the_character()
    {
        List<string> log = Log(_ml);
        using QuestionAnsweringTransformer model = Finder();
        Row[] rows = [.. Enumerable.Range(0, Words).Select(place => Ask("where", Context(place), "gold"))];

        Found[] found = Answers(_ml, model, rows);

        Assert.Equal(rows.Select(row => ("gold", row.AnswerStart)), found.Select(answer => (answer.PredictedAnswer, answer.PredictedAnswerStart)));
        Assert.Contains(log, line => line.Contains("60 of 60 rows were longer than 24 tokens and were read in", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_context_without_an_answer_has_none()
    {
        using QuestionAnsweringTransformer model = Finder();

        Found found = Assert.Single(Answers(_ml, model, [Ask("where", Context(-1), null)]));

        Assert.Equal(("", -1), (found.PredictedAnswer, found.PredictedAnswerStart));
        Assert.InRange(found.Score, 0.5f, 1);
    }

    private static string Context(int place) =>
        string.Join(' ', Enumerable.Range(0, Words).Select(word => word == place ? "gold" : (word % 5) switch { 0 => "sand", 1 => "stone", 2 => "tin", 3 => "lead", _ => "clay" }));

    private QuestionAnsweringTransformer Finder()
    {
        Row[] rows = [.. Enumerable.Range(0, 12).Select(row => Ask("where", Context(row * 5 + row % 5), "gold")), Ask("where", Context(-1), null)];
        QuestionAnsweringOptions options = Options(4);
        options.Stride = 4;
        return _ml.Transformers().QuestionAnswering(Tiny(Tokenizer(Context(0))), options).Fit(_ml.Data.LoadFromEnumerable(rows));
    }
}
