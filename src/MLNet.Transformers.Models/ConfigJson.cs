using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models;

/// <summary>config.json as typed keys: an absent key takes the reference's default, a value of the wrong type is refused by name.</summary>
internal sealed class ConfigJson
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    private ConfigJson(JsonObject json, string source) => (Json, Source) = (json, source);

    /// <summary>Everything that the file holds, unknown keys included.</summary>
    public JsonObject Json { get; }

    /// <summary>What to call the file in a message.</summary>
    public string Source { get; }

    public static ConfigJson Parse(ReadOnlySpan<byte> utf8, string source)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: _strict) is JsonObject json
                ? new ConfigJson(json, source)
                : throw new CheckpointException($"'{source}' is not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"'{source}' is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>A config inside of this one.</summary>
    public ConfigJson Part(string key) => Json[key] is JsonObject part
        ? new ConfigJson((JsonObject)part.DeepClone(), $"{Source}: {key}")
        : throw Wrong(key, "an object: the config of that half");

    public bool Has(string key) => Json[key] is not null;

    public int Int(string key, int defaultValue, int minimum = 1)
    {
        int value = Read(key, "a whole number", defaultValue, static (JsonValue node, out int read) => node.TryGetValue(out read));
        return value >= minimum ? value : throw Wrong(key, $"at least {minimum}");
    }

    public int? IntOrNull(string key) => Has(key) ? Int(key, 0, int.MinValue) : null;

    /// <summary>A size that the reference reads under two names.</summary>
    /// <param name="name">The architecture's own name.</param>
    /// <param name="general">The name that the reference has for all architectures; where both are given it is the one that counts there.</param>
    /// <param name="defaultValue">Where neither is given.</param>
    public int Size(string name, string general, int defaultValue) => Has(general) ? Int(general, defaultValue) : Int(name, defaultValue);

    public double Number(string key, double defaultValue, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity)
    {
        double value = Read(key, "a number", defaultValue, static (JsonValue node, out double read) => node.TryGetValue(out read));
        return value >= minimum && value <= maximum ? value : throw Wrong(key, $"a number between {minimum} and {maximum}");
    }

    public double? NumberOrNull(string key, double minimum, double maximum) => Has(key) ? Number(key, 0, minimum, maximum) : null;

    public bool Bool(string key, bool defaultValue) =>
        Read(key, "true or false", defaultValue, static (JsonValue node, out bool read) => node.TryGetValue(out read));

    public string Text(string key, string defaultValue) => Read(
        key, "a string", defaultValue, static (JsonValue node, out string read) => (node.TryGetValue(out string? text), read = text!).Item1);

    public string? StringOrNull(string key) => Has(key) ? Text(key, "") : null;

    public IReadOnlyList<string> Strings(string key)
    {
        if (!Has(key))
        {
            return [];
        }
        return Json[key] is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(item => item!.GetValue<string>())]
            : throw Wrong(key, "a list of strings");
    }

    /// <summary>The object under a key, read with the same rules; empty where the key is absent or null.</summary>
    public ConfigJson Section(string key) => Json[key] switch
    {
        null => new ConfigJson([], $"{Source}, {key}"),
        JsonObject section => new ConfigJson(section, $"{Source}, {key}"),
        _ => throw Wrong(key, "an object"),
    };

    /// <summary>The class names: <c>id2label</c>, or as many as <c>num_labels</c> says, called LABEL_0 and on.</summary>
    /// <param name="defaultCount">How many there are where neither is given.</param>
    public IReadOnlyList<string> Labels(int defaultCount)
    {
        if (Has("id2label"))
        {
            var map = Json["id2label"] as JsonObject ?? throw Wrong("id2label", "an object of class numbers and names");
            var labels = new string[map.Count];
            foreach ((string id, JsonNode? label) in map)
            {
                if (!int.TryParse(id, out int index) || index < 0 || index >= labels.Length || labels[index] is not null || label?.GetValueKind() != JsonValueKind.String)
                {
                    throw Wrong("id2label", $"the numbers 0 to {labels.Length - 1}, each with a name");
                }
                labels[index] = label.GetValue<string>();
            }
            return labels;
        }
        return [.. Enumerable.Range(0, Int("num_labels", defaultCount)).Select(index => $"LABEL_{index}")];
    }

    /// <summary>What a head was trained for (<c>problem_type</c>); null where the file does not say.</summary>
    public string? ProblemType()
    {
        const string Key = "problem_type";
        return StringOrNull(Key) is null or "single_label_classification" or "multi_label_classification" or "regression"
            ? StringOrNull(Key)
            : throw Wrong(Key, "\"single_label_classification\", \"multi_label_classification\" or \"regression\"");
    }

    /// <summary>An error about the value of a key.</summary>
    public CheckpointException Wrong(string key, string expected) =>
        new($"'{Source}': '{key}' is {Json[key]?.ToJsonString() ?? "null"}; expected {expected}.");

    private delegate bool Reader<T>(JsonValue node, out T value);

    private T Read<T>(string key, string expected, T defaultValue, Reader<T> reader)
    {
        if (!Json.TryGetPropertyValue(key, out JsonNode? node))
        {
            return defaultValue;
        }
        return node is JsonValue value && reader(value, out T read) ? read : throw Wrong(key, expected);
    }
}
