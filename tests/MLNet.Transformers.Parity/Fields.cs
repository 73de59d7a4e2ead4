using System.Text.Json;

namespace MLNet.Transformers.Parity;

/// <summary>Reading of a fixture's JSON: every field is either known or a failure, so that nothing is passed over in silence.</summary>
internal static class Fields
{
    public static JsonDocument Open(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonDocument.Parse(file);
    }

    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Properties(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];

    public static int[] Ints(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetInt32())];

    /// <summary>Fails for every field that is not among the known.</summary>
    public static void RefuseUnknown(this Report report, JsonElement element, string where, IReadOnlySet<string> known)
    {
        foreach (JsonProperty field in element.EnumerateObject().Where(field => !known.Contains(field.Name)))
        {
            report.Fail($"{where}: unknown field '{field.Name}'");
        }
    }
}
