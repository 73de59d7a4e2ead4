using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>
/// Checks published predictions (question id → answer) on the SQuAD file whose questions they answer, which lies beside them or in a folder beside
/// theirs. What the official script says of them stands in words in the index of the data: "... on FILE with the ... predictions: EM x F1 y over n q".
/// </summary>
internal sealed partial class SquadToolsParity(string path, Report report)
{
    private const string Index = "INDEX.md";

    // Figures are given with four digits behind the point.
    private const double Rounding = 5e-5;

    public static bool IsPredictions(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Take(20).Count() == 20
        && root.EnumerateObject().All(answer => answer.Value.ValueKind == JsonValueKind.String);

    public void Run(JsonElement root)
    {
        string folder = Path.GetDirectoryName(path)!;
        string? parent = Path.GetDirectoryName(folder);
        Match? said = new[] { folder, parent }.OfType<string>().Select(place => Path.Combine(place, Index)).Where(File.Exists)
            .SelectMany(File.ReadLines).Select(line => Said().Match(line)).FirstOrDefault(match => match.Success && IsOfThese(match.Value));
        if (said is null)
        {
            report.Skip($"no {Index} says what the official script makes of these predictions");
            return;
        }
        string data = said.Groups["file"].Value;
        string? file = new[] { folder, parent }.OfType<string>().SelectMany(place => Directory.EnumerateFiles(place, $"{data}*", SearchOption.AllDirectories)).FirstOrDefault();
        if (file is null)
        {
            report.Skip($"the questions, {data}, are not there: '{said.Value}'");
            return;
        }
        using JsonDocument questions = Fields.Open(file);
        QuestionAnsweringMetrics ours = QuestionAnsweringMetrics.Of([.. Answered(questions.RootElement, root)]);
        report.Within($"{data}: exact", Math.Abs(ours.All.ExactMatch - Number("exact")), Rounding);
        report.Within($"{data}: F1", Math.Abs(ours.All.F1 - Number("f1")), Rounding);
        report.Equal($"{data}: questions", (double)ours.All.Questions, Number("questions"));

        double Number(string group) => double.Parse(said.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    // The script passes over questions that have no prediction.
    private static IEnumerable<AnsweredQuestion> Answered(JsonElement questions, JsonElement predictions)
    {
        foreach (JsonElement question in questions.Items("data").SelectMany(article => article.Items("paragraphs")).SelectMany(paragraph => paragraph.Items("qas")))
        {
            string id = question.Text("id")!;
            if (predictions.TryGetProperty(id, out JsonElement answer))
            {
                yield return new AnsweredQuestion(answer.GetString()!, [.. question.Items("answers").Select(gold => gold.Text("text")!)], Id: id);
            }
        }
    }

    // All words of the file's name are in the sentence: "bert_ensemble_google_v1.1_predictions".
    private bool IsOfThese(string sentence) => Path.GetFileNameWithoutExtension(path).Split('_').All(word => sentence.Contains(word, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"run on (?<file>\S+) with the .*predictions: EM (?<exact>[\d.]+) F1 (?<f1>[\d.]+) over (?<questions>\d+) q")]
    private static partial Regex Said();
}
