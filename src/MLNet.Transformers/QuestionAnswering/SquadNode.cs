using System.Text.Json;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>An object of a JSON file that knows its place in it, for errors.</summary>
/// <param name="element">The object.</param>
/// <param name="place">Where it stands: "data[0].paragraphs[2]"; empty: it is the file.</param>
internal readonly struct SquadNode(JsonElement element, string place)
{
    /// <exception cref="FormatException">It is missing, or no text.</exception>
    public string Text(string name) => TextOrNone(name) ?? throw Wrong(name, "a text", null);

    public string? TextOrNone(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text", value);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, as an escape.
            throw Wrong(name, "a text of valid characters", value);
        }
    }

    /// <exception cref="FormatException">It is missing, or no whole number.</exception>
    public int Number(string name) =>
        Find(name) is not { } value ? throw Wrong(name, "a whole number", null)
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(name, "a whole number", value);

    public bool? FlagOrNone(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, "true or false", value);

    /// <exception cref="FormatException">It is missing, or no list of objects.</exception>
    public IEnumerable<SquadNode> Items(string name) => Find(name) is null ? throw Wrong(name, "a list", null) : ItemsOrNone(name);

    public IEnumerable<SquadNode> ItemsOrNone(string name)
    {
        if (Find(name) is not { } list)
        {
            return [];
        }
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, "a list", list);
        }
        string path = Path(name);
        return list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Object
            ? new SquadNode(item, $"{path}[{i}]")
            : throw new FormatException($"'{path}[{i}]' is {Shown(item)}; expected an object."));
    }

    private JsonElement? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private FormatException Wrong(string name, string expected, JsonElement? found) =>
        new($"'{Path(name)}' is {(found is { } value ? Shown(value) : "missing")}; expected {expected}.");

    private string Path(string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static string Shown(JsonElement value)
    {
        const int Most = 40;
        string text = value.GetRawText();
        return text.Length > Most ? $"{text[..Most]}…" : text;
    }
}
