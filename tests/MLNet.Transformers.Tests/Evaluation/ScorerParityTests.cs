using MLNet.Transformers.Parity;
using MLNet.Transformers.Parity.Scorers;

namespace MLNet.Transformers.Tests.Evaluation;

/// <summary>Every figure that the reference scorers wrote, as the parity program compares them.</summary>
public class ScorerParityTests
{
    private static readonly string _folder = Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "scorers");

    public static TheoryData<string> Files { get; } = [.. ScorerWalk.Find(_folder)];

    [Fact]
    public void All_files_are_found() => Assert.Subset(
        Files.Select(file => file.Data).ToHashSet(),
        new HashSet<string> { "classification.json", "entities.json", "entity-aggregation.json", "question-answering.json", "summarization.json", "translation.json" });

    [Theory]
    [MemberData(nameof(Files))]
    public void Figures_are_those_of_the_reference_scorers(string name) => AllPass(ScorerWalk.Check(_folder, name));

    [Fact]
    public void Rouge_of_a_thousand_summaries_is_that_of_t5()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);

        AllPass(ScorerWalk.Check(Shared.Path("data", "rouge-fixtures"), "t5_expected_bootstrap_results.json"));
    }

    [Fact]
    public void Published_predictions_score_what_the_official_script_says()
    {
        string folder = Directory.CreateTempSubdirectory("scorers-").FullName;
        try
        {
            string[] ids = [.. Enumerable.Range(0, 20).Select(number => $"q{number}")];
            File.WriteAllText(Path.Combine(folder, "INDEX.md"), "run on dev.en with the X-large predictions: EM 50.0000 F1 75.0000 over 20 q\n");
            File.WriteAllText(Path.Combine(folder, "large_predictions.json"),
                $"{{{string.Join(", ", ids.Select((id, i) => $"\"{id}\": \"{(i % 2 == 0 ? "the cat" : "cat sat down")}\""))}}}");
            File.WriteAllText(Path.Combine(folder, "dev.en.json"),
                $$"""{"data": [{"paragraphs": [{"qas": [{{string.Join(", ", ids.Select(id => $$"""{"id": "{{id}}", "answers": [{"text": "cat"}]}"""))}}]}]}]}""");

            AllPass(ScorerWalk.Check(folder, "large_predictions.json"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_wrong_figure_fails_and_an_unknown_one_too()
    {
        string folder = Directory.CreateTempSubdirectory("scorers-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "classes.json"), """{"correlation": [{"x": [1, 2, 3], "y": [1, 2, 4], "spearman": 0.99, "kendall": NaN, "tau": 1}]}""");

            IReadOnlyList<Row> rows = ScorerWalk.Check(folder, Assert.Single(ScorerWalk.Find(folder)));

            Assert.Equal([Status.Fail, Status.Fail, Status.Fail], rows.Select(row => row.Status));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AllPass(IReadOnlyList<Row> rows)
    {
        Assert.NotEmpty(rows);
        Assert.Empty(rows.Where(row => row.Status != Status.Pass).Select(row => row.ToString()));
    }
}
