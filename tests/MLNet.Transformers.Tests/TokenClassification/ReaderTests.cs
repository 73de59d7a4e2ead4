using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>Files with tagged words, and the doctor that looks through them.</summary>
public sealed class ReaderTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_documents_and_empty_lines_of_a_CoNLL_file()
    {
        string file = _folder.Write("a.conll", "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects  VBZ B-VP O\n\n\n# NN O O\n \nPeter NNP B-NP B-PER");

        Assert.Equal(["EU rejects", "#", "Peter"], Words(_ml.Transformers().LoadConll(file)));
        Assert.Equal(["B-ORG O", "O", "B-PER"], Tags(_ml.Transformers().LoadConll(file)));
        Assert.Equal(["B-NP B-VP", "O", "B-NP"], Tags(_ml.Transformers().LoadConll(file, new() { TagColumn = 2 })));
    }

    [Fact]
    public void Comments_of_a_file_with_tabs()
    {
        string file = _folder.Write("a.iob2", "# sent_id = 1\n# text = in Tampa\n1\tin\tO\t-\t-\n2\tTampa\tB-LOC\t-\tsomebody\n\n# sent_id = 2\n1\t#\tO\t-\t-\n");

        IDataView data = _ml.Transformers().LoadConll(file, new() { WordColumn = 1, TagColumn = 2 });

        Assert.Equal(["in Tampa", "#"], Words(data));
        Assert.Equal(["O B-LOC", "O"], Tags(data));
    }

    [Fact]
    public void A_line_without_a_tag_is_named()
    {
        string file = _folder.Write("a.conll", "EU B-ORG\nrejects\n");

        var error = Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadConll(file));

        Assert.Contains($"'{file}', line 2: found 1 column ('rejects')", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => _ml.Transformers().LoadConll(_folder.File("none")));
        Assert.Throws<FileNotFoundException>(() => _ml.Transformers().LoadConll(_folder.File("none/a.conll")));
        Assert.Throws<FileNotFoundException>(() => _ml.Transformers().LoadConll(Path.GetTempPath()));
        Assert.Throws<FileNotFoundException>(() => _ml.Transformers().LoadModelBuilderEntities(_folder.File("none/a.tsv")));
        Assert.Contains("no line with a word", Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadConll(_folder.Write("b", "\n"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_tag_is_named_with_file_and_line()
    {
        string trailing = _folder.Write("a.conll", "EU\tB-ORG\nrejects\tO\t\n"), empty = _folder.Write("b.conll", "1\tEU\tB-ORG\t-\n2\trejects\t\t-\n");

        string last = Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadConll(trailing)).Message;
        string asked = Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadConll(empty, new() { WordColumn = 1, TagColumn = 2 })).Message;

        Assert.StartsWith($"'{trailing}', line 2: the tag is empty (column 2 of 3, counted from 0", last, StringComparison.Ordinal);
        Assert.EndsWith("and no separator behind it.", last, StringComparison.Ordinal);
        Assert.StartsWith($"'{empty}', line 2: the tag is empty (column 2 of 4, counted from 0", asked, StringComparison.Ordinal);
        Assert.Equal(["B-ORG O"], Tags(_ml.Transformers().LoadConll(trailing, new() { TagColumn = 1 })));
    }

    [Fact]
    public void Types_that_look_like_tags_with_prefixes_are_types_where_a_list_says_so()
    {
        string types = _folder.Write("types.txt", "E-MAIL\nS-BAHN\nI-BEAM\n"), tags = _folder.Write("tags.txt", "B-PER\nI-PER\nO\n");
        string typed = _folder.Write("a.tsv", "write ann@x on line S1\t0\tE-MAIL\t0\tS-BAHN\tS-BAHN\n"), tagged = _folder.Write("b.tsv", "Ann Lee\tB-PER\tI-PER\n");

        Assert.Equal(["O B-E-MAIL O B-S-BAHN I-S-BAHN"], Tags(_ml.Transformers().LoadModelBuilderEntities(typed, types)));
        Assert.Equal(["B-PER I-PER"], Tags(_ml.Transformers().LoadModelBuilderEntities(tagged, tags)));
        Assert.Equal(["B-PER I-PER"], Tags(_ml.Transformers().LoadModelBuilderEntities(tagged)));
    }

    [Fact]
    public void The_table_of_Model_Builder()
    {
        string types = _folder.Write("keys.txt", "Name\nAge\n");
        string file = _folder.Write("a.tsv", "Sentence\tLabel\nJohn Doe is 25 years old\tName\tName\t0\tAge\t0\t0\t\n\"Hi \"\"Al\"\"\"\t0\tName\n");

        IDataView data = _ml.Transformers().LoadModelBuilderEntities(file, types, hasHeader: true);

        Assert.Equal(["John Doe is 25 years old", "Hi \"Al\""], Words(data));
        Assert.Equal(["B-Name I-Name O B-Age O O", "O B-Name"], Tags(data));
        string cells = _folder.Write("d.tsv", "lymphocytes\tB-cell\nlymphocytes here\tB-cell\tPlace\n");
        Assert.Equal(["B-B-cell", "B-B-cell B-Place"], Tags(_ml.Transformers().LoadModelBuilderEntities(cells)));
        string wrong = _folder.Write("b.tsv", "John is old\tName\t0\nok\tPlace\n");
        Assert.Contains("line 1: the sentence has 3 words", Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadModelBuilderEntities(wrong)).Message, StringComparison.Ordinal);
        string unknown = _folder.Write("c.tsv", "ok\tPlace\n");
        Assert.Contains("'Place'", Assert.Throws<InvalidDataException>(() => _ml.Transformers().LoadModelBuilderEntities(unknown, types)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3394, 6, "wnut17", "wnut17train.conll")]
    [InlineData(1009, 6, "wnut17", "emerging.dev.conll")]
    [InlineData(2001, 3, "uner-english-ewt", "en_ewt-ud-dev.iob2")]
    public void Published_files_have_the_sentences_that_are_said_of_them(int sentences, int types, string folder, string file)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        bool uner = folder.StartsWith("uner", StringComparison.Ordinal);
        IDataView data = _ml.Transformers().LoadConll(Shared.Path("data", folder, file), uner ? new() { WordColumn = 1, TagColumn = 2 } : null);

        TokenDataReport report = _ml.Transformers().CheckTokenData(data);

        Assert.Equal(sentences, report.TrainingRows);
        Assert.Equal(types, report.EntityCounts.Count);
        Assert.Equal(TagScheme.Iob2, report.Scheme);
    }

    [Fact]
    public void The_doctor_lists_what_is_wrong_with_tagged_words()
    {
        Sentences.Tagged[] train =
        [
            .. Enumerable.Repeat(0, 6).Select((_, i) => Sentences.Row($"w{i} Lima/B-LOC")), Sentences.Row("w0 Lima/B-LOC"), Sentences.Row("a Oslo/I-LOC"), new() { Words = [], Tags = [] },
            new() { Words = ["a", "b"], Tags = ["O"] }, Sentences.Row(string.Join(' ', Enumerable.Repeat("long", 60))), Sentences.Row("Omar/B-PER"),
        ];
        Sentences.Tagged[] test = [Sentences.Row("w1 Lima/B-LOC"), Sentences.Row("Acme/B-ORG"), Sentences.Row("x"), Sentences.Row("x")];

        TokenDataReport report = _ml.Transformers().CheckTokenData(Sentences.Data(_ml, train), Sentences.Data(_ml, test), null, Sentences.Tiny());

        Assert.Equal((12, 4), (report.TrainingRows, report.TestRows));
        Assert.Equal(8, report.EntityCounts["LOC"]);
        Assert.True(report.HasErrors);
        Assert.Equal(
            [
                (TokenDataProblemKind.LengthMismatch, false, 10L), (TokenDataProblemKind.BrokenTags, false, 8), (TokenDataProblemKind.UnknownTag, true, 0),
                (TokenDataProblemKind.RareTag, false, 0), (TokenDataProblemKind.RareTag, false, 0), (TokenDataProblemKind.EmptyRow, false, 9), (TokenDataProblemKind.Duplicate, false, 7),
                (TokenDataProblemKind.Duplicate, true, 4), (TokenDataProblemKind.SharedWithTraining, true, 1), (TokenDataProblemKind.LongRow, false, 11),
            ],
            report.Problems.Select(problem => (problem.Kind, problem.IsTest, problem.Row)));
        Assert.Contains("training row 8: the tag 'I-LOC' of word 2 ('Oslo'), behind 'O', is not one of Iob2, which has 'B-LOC' there", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("12 training rows, 4 test rows", report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Maria/B-PER lives in New/B-LOC York/I-LOC", "ask Omar/PER", true)]
    [InlineData("Maria/B-PER lives in New/B-LOC York/I-LOC", "ask Omar/B-PER", false)]
    [InlineData("Maria/NOUN lives/VERB in/ADP Lima/S-NOUN", "ask/VERB Omar/NOUN", false)]
    public void The_doctor_lists_a_tag_whose_prefix_was_forgotten(string first, string second, bool forgotten)
    {
        TokenDataReport report = _ml.Transformers().CheckTokenData(_ml.Data.LoadFromEnumerable([Sentences.Row(first), Sentences.Row(second)]));

        IEnumerable<string> found = report.Problems.Where(problem => problem.Kind == TokenDataProblemKind.TagWithoutPrefix).Select(problem => problem.Message);
        Assert.Equal(forgotten ? ["'PER'"] : [], found.Select(message => message.Split(',')[0]));
    }

    [Theory]
    [InlineData("Maria/B-PER lives/o in/0 Lima/B-LOC", "'o' 'O', '0' 'O'")]
    [InlineData("Maria/b-PER lives/O in/O Lima/b-LOC", "'b-PER' 'B-PER', 'b-LOC' 'B-LOC'")]
    [InlineData("Maria/PER lives/O in/O Lima/a-LOC", "")]
    public void The_doctor_lists_tags_that_were_meant_to_be_others(string row, string expected)
    {
        TokenDataReport report = _ml.Transformers().CheckTokenData(_ml.Data.LoadFromEnumerable([Sentences.Row(row)]));

        IEnumerable<string[]> found = report.Problems.Where(problem => problem.Kind == TokenDataProblemKind.MistakenTag).Select(problem => problem.Message.Split('\''));
        Assert.Equal(expected, string.Join(", ", found.Select(parts => $"'{parts[1]}' '{parts[3]}'")));
        Assert.DoesNotContain(report.Problems, problem => problem.Kind == TokenDataProblemKind.TagWithoutPrefix && expected.Length > 0);
    }

    [Fact]
    public void The_doctor_counts_the_entities_of_tags_without_prefixes_as_they_are_predicted()
    {
        TokenDataReport report = _ml.Transformers().CheckTokenData(_ml.Data.LoadFromEnumerable([Sentences.Row("Ann/PER Lee/PER in/O Lima/LOC"), Sentences.Row("Omar/PER")]));

        Assert.Null(report.Scheme);
        Assert.Equal(new Dictionary<string, long> { ["PER"] = 2, ["LOC"] = 1 }, report.EntityCounts);
        Assert.Contains("2 training rows; tags of no scheme\n", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_doctor_lists_misaligned_spans()
    {
        Sentences.Spanned[] rows =
        [
            new() { Text = "in Berlin now", SpanStart = [4], SpanLength = [5], SpanType = ["LOC"] },
            new() { Text = "Ann Lee", SpanStart = [0, 4], SpanLength = [7, 3], SpanType = ["PER", "PER"] },
            new() { Text = "fine" },
        ];

        TokenDataReport report = _ml.Transformers().CheckTokenData(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal([1L, 2], report.Problems.Where(problem => problem.Kind == TokenDataProblemKind.MisalignedSpan).Select(problem => problem.Row));
        Assert.Contains("those it touches are 'Berlin', characters 3 to 9", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("overlaps", report.ToString(), StringComparison.Ordinal);
    }

    private static string[] Words(IDataView data) => [.. data.GetColumn<string[]>("Words").Select(words => string.Join(' ', words))];

    private static string[] Tags(IDataView data) => [.. data.GetColumn<string[]>("Tags").Select(tags => string.Join(' ', tags))];
}
