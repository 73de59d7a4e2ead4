using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.QuestionAnswering;

public sealed class SquadFileTests : IDisposable
{
    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Title { get; set; } = "";

        public string Context { get; set; } = "";

        public string Question { get; set; } = "";

        public string[] Answer { get; set; } = [];

        public int[] AnswerStart { get; set; } = [];

        public bool IsImpossible { get; set; }
    }

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_both_versions_are_read()
    {
        Row[] rows = Read(
            """
            {"version": "v2.0", "data": [{"title": "T", "paragraphs": [{"context": "In Rome, in May.", "qas": [
              {"id": "1", "question": "Where?", "is_impossible": false, "answers": [{"text": "Rome", "answer_start": 3}, {"text": "in May", "answer_start": 9}]},
              {"id": "2", "question": "Who?", "is_impossible": true, "answers": [], "plausible_answers": [{"text": "Rome", "answer_start": 3}]},
              {"id": "3", "question": "When?", "answers": [{"text": "May", "answer_start": 12}]},
              {"id": "4", "question": "A test file's?"}]}]},
             {"paragraphs": []}]}
            """);

        Assert.Equal(["1", "2", "3", "4"], rows.Select(row => row.Id));
        Assert.All(rows, row => Assert.Equal(("T", "In Rome, in May."), (row.Title, row.Context)));
        Assert.Equal(["Rome", "in May"], rows[0].Answer);
        Assert.Equal([3, 9], rows[0].AnswerStart);
        Assert.Equal([false, true, false, false], rows.Select(row => row.IsImpossible));
        Assert.Empty(rows[1].Answer);
        Assert.Empty(rows[3].Answer);
    }

    [Fact]
    public void Places_in_code_points_become_places_in_UTF_16()
    {
        string context = "😀 In 𠮷野, or 北京, with 👩‍💻 too";
        string[] answers = ["In", "𠮷野", "北京", "👩‍💻", "too"];
        string json = string.Join(',', answers.Select(answer => $$"""{"text": "{{answer}}", "answer_start": {{Python(context, answer)}}}"""));

        Row row = Assert.Single(Read($$"""{"data": [{"paragraphs": [{"context": "{{context}}", "qas": [{"id": "1", "question": "?", "answers": [{{json}}]}]}]}]}"""));

        Assert.Equal(answers, row.Answer.Zip(row.AnswerStart, (answer, start) => context.Substring(start, answer.Length)));
        Assert.Equal(0, Python(context, "😀"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void A_place_outside_of_the_text_stays_outside(int place)
    {
        Row row = Assert.Single(Read($$"""{"data": [{"paragraphs": [{"context": "😀abc", "qas": [{"id": "1", "question": "?", "answers": [{"text": "c", "answer_start": {{place}}}]}]}]}]}"""));

        Assert.False(row.AnswerStart[0] is >= 0 and < 5);
    }

    [Theory]
    [InlineData("""{"version": "1.1"}""", "'data' is missing; expected a list")]
    [InlineData("[1]", "'data' is missing; expected a list")]
    [InlineData("""{"data": 3}""", "'data' is 3; expected a list")]
    [InlineData("""{"data": [3]}""", "'data[0]' is 3; expected an object")]
    [InlineData("""{"data": [{"title": "a", "paragraphs": [{"qas": []}]}]}""", "'data[0].paragraphs[0].context' is missing; expected a text")]
    [InlineData("""{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1", "question": 7}]}]}]}""", "'data[0].paragraphs[0].qas[0].question' is 7; expected a text")]
    [InlineData("""{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1", "question": "?", "answers": [{"text": "a"}]}]}]}]}""", "qas[0].answers[0].answer_start' is missing; expected a whole number")]
    [InlineData("""{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1", "question": "?", "answers": [{"text": "a", "answer_start": 0.5}]}]}]}]}""", "answer_start' is 0.5; expected a whole number")]
    [InlineData("""{"data": [{"paragraphs": [{"context": "\ud800", "qas": [{"id": "1", "question": "?"}]}]}]}""", "'data[0].paragraphs[0].context' is")]
    [InlineData("""{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": "1", "question": "?", "is_impossible": "no"}]}]}]}""", "is_impossible' is \"no\"; expected true or false")]
    [InlineData("""{"data": [""", "is not valid JSON")]
    public void What_is_wrong_is_named_with_file_and_place(string json, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(json));

        Assert.Contains("squad.json'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("'nowhere.json'", Assert.Throws<FileNotFoundException>(() => _ml.Transformers().LoadSquad("nowhere.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        File.WriteAllText(_folder.File("squad.json"), """{"data": []}""", new System.Text.UTF8Encoding(true));

        Assert.Empty(_ml.Transformers().LoadSquad(_folder.File("squad.json")).GetColumn<string>("Id"));
    }

    [Theory]
    [InlineData(4449, 0, "squad-v2-cs224n", "squad-v2-part.json")]
    [InlineData(1002, 5, "cmrc2018", "cmrc2018_trial.json")]
    public void Real_files_are_read_with_their_places_right_to_the_character(int questions, int misplaced, string folder, string file)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Row[] rows = Rows(Shared.Path("data", folder, file));

        Assert.Equal(questions, rows.Length);
        Assert.Equal(misplaced, rows.Count(row => row.Answer.Zip(row.AnswerStart).Any(answer =>
            answer.Second < 0 || answer.Second + answer.First.Length > row.Context.Length || row.Context.Substring(answer.Second, answer.First.Length) != answer.First)));
    }

    // A place as Python counts it.
    private static int Python(string context, string answer) => context[..context.IndexOf(answer, StringComparison.Ordinal)].EnumerateRunes().Count();

    private Row[] Read(string json) => Rows(_folder.Write("squad.json", json));

    private Row[] Rows(string path) => [.. _ml.Data.CreateEnumerable<Row>(_ml.Transformers().LoadSquad(path), reuseRowObject: false)];
}
