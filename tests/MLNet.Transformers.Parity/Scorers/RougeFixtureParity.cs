using System.Text.Json;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>
/// Checks the mean ROUGE of a file of summaries against the figures that T5's evaluation has for it: the middle of a bootstrap, which differs with each
/// run. Its own test allows half a point; the tolerance here is what a bootstrap of a thousand draws leaves to chance.
/// </summary>
internal sealed class RougeFixtureParity(string path, Report report)
{
    private const double BootstrapTolerance = 0.1;

    public void Run(JsonElement root)
    {
        string[] targets = Read("target"), predictions = Read("prediction");
        Rouge rouge = Rouge.Of(predictions, targets);
        foreach (JsonProperty score in root.EnumerateObject())
        {
            report.Figure($"{targets.Length} summaries: {score.Name}", 100 * SummaryParity.Score(rouge, score.Name).F1, score.Value, BootstrapTolerance);
        }
    }

    public static void SayOther(Report report) => report.Skip(
        "figures of pltrdy/rouge, which counts each different word once, splits sentences at full stops and weighs ROUGE-L otherwise; the reference is rouge-score");

    // T5 sets sentences apart by a new line before it asks for ROUGE-Lsum.
    private string[] Read(string name)
    {
        string file = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"*{name}*.txt").Single();
        return [.. File.ReadLines(file).Select(line => line.Replace(" . ", " .\n", StringComparison.Ordinal))];
    }
}
