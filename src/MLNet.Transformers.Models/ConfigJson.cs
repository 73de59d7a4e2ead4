using System.Text.Json;
using System.Text.Json.Nodes;
namespace MLNet.Transformers.Models;

/// <summary>config.json as typed keys: an absent key takes the reference's default, a value of the wrong type is refused by name.</summary>
/// <param name="json">The content.</param>
/// <param name="source">What to call the file in a message.</param>
internal sealed class ConfigJson(JsonObject json, string source)
{
    /// <summary>What <see cref="Ids"/> reads, for a message.</summary>
    public const string IdsExpected = "a whole number or a list of them";

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    // A head with more classes than that has their names in the file.
    private const int MostNumberedLabels = 1_000_000;

    /// <summary>Everything that the file holds, unknown keys included.</summary>
    public JsonObject Json => json;

    /// <summary>What to call the file in a message.</summary>
    public string Source => source;

    /// <summary>Reads JSON text, which may begin with a byte order mark.</summary>
    public static ConfigJson Parse(ReadOnlySpan<byte> utf8, string source)
    {
        if (FailedDownload.Describe(utf8) is { } fault)
        {
            throw new CheckpointException($"'{source}' is not valid JSON: {fault}.");
        }
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        try
        {
            JsonNode? root = JsonNode.Parse(utf8.StartsWith(mark) ? utf8[mark.Length..] : utf8, documentOptions: _strict);
            ReadTexts(root);
            return root is JsonObject json ? new ConfigJson(json, source) : throw new CheckpointException($"'{source}' is not a JSON object.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"'{source}' is not valid JSON: {error.Message}", error);
        }
    }

    public bool Has(string key) => Json[key] is not null;

    public int Int(string key, int defaultValue, int minimum = 1, int maximum = int.MaxValue)
    {
        int value = !json.TryGetPropertyValue(key, out JsonNode? node) ? defaultValue : Whole(node) ?? throw InvalidValue(key, "a whole number");
        return value < minimum ? throw InvalidValue(key, $"at least {minimum}") : value <= maximum ? value : throw InvalidValue(key, $"at most {maximum}");
    }

    public int? IntOrNull(string key) => Has(key) ? Int(key, 0, int.MinValue) : null;

    public double Number(string key, double defaultValue, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity)
    {
        double value = Read(key, "a number", defaultValue);
        return value >= minimum && value <= maximum ? value : throw InvalidValue(key, $"a number between {minimum} and {maximum}");
    }

    public double? NumberOrNull(string key, double minimum, double maximum) => Has(key) ? Number(key, 0, minimum, maximum) : null;

    public bool Bool(string key, bool defaultValue) => Read(key, "true or false", defaultValue);

    public string Text(string key, string defaultValue) => Read(key, "a string", defaultValue);

    public string? StringOrNull(string key) => Has(key) ? Text(key, "") : null;

    public IReadOnlyList<string> Strings(string key)
    {
        if (!Has(key))
        {
            return [];
        }
        return Json[key] is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(item => item!.GetValue<string>())]
            : throw InvalidValue(key, "a list of strings");
    }

    /// <summary>The ids that a key gives as one number or as a list; null where it gives none.</summary>
    public int[]? Ids(string key) => Json[key] switch
    {
        null => null,
        JsonArray list => [.. list.Select(id => Id(key, id))],
        JsonNode id => [Id(key, id)],
    };

    /// <summary>An id under a key, or in a list there.</summary>
    public int Id(string key, JsonNode? node) => Whole(node) ?? throw InvalidValue(key, IdsExpected);

    /// <summary>A whole number, in whichever way it is written (20, 20.0, 2e1); null where it is none that 32 bits hold.</summary>
    public static int? Whole(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue(out int whole) ? whole
        : value.TryGetValue(out double number) && double.IsInteger(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;

    /// <summary>The object under a key, read with the same rules.</summary>
    /// <param name="key">The key.</param>
    /// <param name="required">What it must be; null: where it is absent or null, the object is empty.</param>
    public ConfigJson Section(string key, string? required = null) => Json[key] switch
    {
        JsonObject section => new ConfigJson(section, $"{Source}, {key}"),
        null when required is null => new ConfigJson([], $"{Source}, {key}"),
        _ => throw InvalidValue(key, required ?? "an object"),
    };

    /// <summary>The class names: <c>id2label</c>, or as many as <c>num_labels</c> says, called LABEL_0 and on.</summary>
    /// <param name="defaultCount">How many there are where neither is given.</param>
    public IReadOnlyList<string> Labels(int defaultCount)
    {
        if (Has("id2label"))
        {
            var map = Json["id2label"] as JsonObject ?? throw InvalidValue("id2label", "an object of class numbers and names");
            var labels = new string[map.Count];
            foreach ((string id, JsonNode? label) in map)
            {
                if (!int.TryParse(id, out int index) || index < 0 || index >= labels.Length || labels[index] is not null || label?.GetValueKind() != JsonValueKind.String)
                {
                    throw InvalidValue("id2label", $"the numbers 0 to {labels.Length - 1}, each with a name");
                }
                labels[index] = label.GetValue<string>();
            }
            return labels;
        }
        return [.. Enumerable.Range(0, Int("num_labels", defaultCount, maximum: MostNumberedLabels)).Select(index => $"LABEL_{index}")];
    }

    /// <summary>What a head was trained for (<c>problem_type</c>); null where the file does not say.</summary>
    public string? ProblemType()
    {
        const string Key = "problem_type";
        return StringOrNull(Key) is not { } problem ? null
            : ProblemTypes.All.Contains(problem) ? problem
            : throw InvalidValue(Key, $"\"{ProblemTypes.SingleLabel}\", \"{ProblemTypes.MultiLabel}\" or \"{ProblemTypes.Regression}\"");
    }

    /// <summary>An error about the value of a key.</summary>
    public CheckpointException InvalidValue(string key, string expected) =>
        new($"'{Source}': '{key}' is {Json[key]?.ToJsonString() ?? "null"}; expected {expected}.");

    // The parser looks into a text only when it is asked for. Here halves of surrogate pairs and bytes that are no UTF-8 are found while the file can still be named.
    private static void ReadTexts(JsonNode? node)
    {
        IEnumerable<JsonNode?> inner = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode? item in inner)
        {
            ReadTexts(item);
        }
        if (node?.GetValueKind() == JsonValueKind.String)
        {
            node.GetValue<string>();
        }
    }

    private T Read<T>(string key, string expected, T defaultValue) => !Json.TryGetPropertyValue(key, out JsonNode? node) ? defaultValue
        : node is JsonValue value && value.TryGetValue(out T? read) ? read : throw InvalidValue(key, expected);
}
