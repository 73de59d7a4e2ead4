using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Reading of a file of inputs and figures that a reference scorer wrote from Python.</summary>
internal static partial class ScorerFile
{
    public const double Tolerance = 1e-6;

    /// <summary>Parses a file; Python's numbers that are none (NaN, Infinity), which JSON does not have, become texts.</summary>
    public static JsonDocument Open(string path) =>
        JsonDocument.Parse(TextsAndNoNumbers().Replace(File.ReadAllText(path), match => match.Value[0] == '"' ? match.Value : $"\"{match.Value}\""));

    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture)
        : element.GetDouble();

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    /// <summary>The texts of a list; of a text alone, that one.</summary>
    public static string[] Texts(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? [element.GetString()!]
        : [.. element.EnumerateArray().Select(item => item.GetString()!)];

    public static string[][] TextLists(this JsonElement element) => [.. element.EnumerateArray().Select(Texts)];

    /// <summary>A row for a figure: within the tolerance, or no number where the reference has none. A null is no figure.</summary>
    public static void Figure(this Report report, string name, double actual, JsonElement expected, double tolerance = Tolerance)
    {
        if (expected.ValueKind != JsonValueKind.Null)
        {
            double number = expected.Number();
            report.Within(name, number.Equals(actual) || (double.IsNaN(number) && double.IsNaN(actual)) ? 0 : Math.Abs(actual - number), tolerance);
        }
    }

    /// <summary>A row for each property of an object that a figure of ours goes by the name of; any other property is a failure.</summary>
    public static void Figures(this Report report, string name, JsonElement expected, IReadOnlyDictionary<string, double> actual)
    {
        foreach (JsonProperty figure in expected.EnumerateObject())
        {
            if (actual.TryGetValue(figure.Name, out double value))
            {
                report.Figure($"{name}: {figure.Name}", value, figure.Value);
            }
            else
            {
                report.Fail($"{name}: unknown figure '{figure.Name}'");
            }
        }
    }

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|NaN|-?Infinity", RegexOptions.Singleline)]
    private static partial Regex TextsAndNoNumbers();
}
