using System.CommandLine;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity;
using MLNet.Transformers.Parity.References;
using MLNet.Transformers.Parity.Scorers;
using MLNet.Transformers.Parity.Tokenizers;

NativeBackend.EnsureLoaded();

var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder of fixtures, walked at any depth." };
var filter = new Option<string?>("--filter") { Description = "Only fixtures whose name, relative to the folder, matches; * stands for any characters." };
var expected = new Argument<DirectoryInfo>("expected") { Description = "A folder with files of kind vocabulary, and their corpus." };
var shared = new Argument<DirectoryInfo>("shared") { Description = "The folder that the files name their tokenizers and weights relative to." };

var root = new RootCommand("Compares this library with the reference implementation: a row a check, tab-separated; exit status 1 if any failed.") { folder, filter };
root.SetAction(parsed =>
{
    string path = Existing(parsed.GetValue(folder)!);
    return Print(FixtureWalk.Find(path, parsed.GetValue(filter)), name => FixtureWalk.Check(path, name));
});

var vocabularies = new Command("vocabularies", "Checks tokenizers with real vocabularies.") { expected, shared };
vocabularies.SetAction(parsed =>
{
    string path = Existing(parsed.GetValue(expected)!);
    string sharedPath = Existing(parsed.GetValue(shared)!);
    return Print(VocabularyWalk.Find(path), name => VocabularyWalk.Check(path, sharedPath, name));
});
root.Subcommands.Add(vocabularies);

var references = new Command("references", "Checks trained models: every weights/*/reference.json.") { shared };
references.SetAction(parsed =>
{
    string path = Existing(parsed.GetValue(shared)!);
    return Print(ReferenceParity.Find(path), name => ReferenceParity.Check(path, name));
});
root.Subcommands.Add(references);

var scored = new Argument<DirectoryInfo>("folder") { Description = "A folder of files that reference scorers wrote, walked at any depth." };
var scorers = new Command("scorers", "Checks metrics: entities, answers, summaries, translations, classes, correlations.") { scored };
scorers.SetAction(parsed =>
{
    string path = Existing(parsed.GetValue(scored)!);
    return Print(ScorerWalk.Find(path), name => ScorerWalk.Check(path, name));
});
root.Subcommands.Add(scorers);

return root.Parse(args).Invoke();

static string Existing(DirectoryInfo folder) =>
    folder.Exists ? folder.FullName : throw new DirectoryNotFoundException($"There is no folder '{folder.FullName}'.");

static int Print(IEnumerable<string> names, Func<string, IReadOnlyList<Row>> check)
{
    var counts = new Dictionary<Status, int>();
    foreach (Row row in names.SelectMany(check))
    {
        Console.WriteLine(row);
        counts[row.Status] = counts.GetValueOrDefault(row.Status) + 1;
    }
    if (counts.Count == 0)
    {
        Console.WriteLine(new Row(Status.Fail, ".", "no fixture was found"));
        counts[Status.Fail] = 1;
    }
    Console.WriteLine(
        $"{counts.GetValueOrDefault(Status.Pass)} passed, {counts.GetValueOrDefault(Status.Fail)} failed, {counts.GetValueOrDefault(Status.Skip)} skipped");
    return counts.GetValueOrDefault(Status.Fail) == 0 ? 0 : 1;
}
