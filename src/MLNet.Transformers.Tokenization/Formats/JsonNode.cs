using System.Text.Json;
using System.Text.Unicode;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>A node of a tokenizer's JSON file, with typed reading whose errors name the file and the place.</summary>
internal readonly record struct JsonNode(JsonElement Element, string File, string Place)
{
    public static JsonNode Parse(byte[] content, string file)
    {
        try
        {
            CheckTexts(content, file);
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonNode(document.RootElement.Clone(), file, "")
                : throw new TokenizerException($"'{file}' is not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new TokenizerException($"'{file}' is not valid JSON: {error.Message}", error);
        }
    }

    // Texts are read when they are asked for; here it is seen that all can be.
    private static void CheckTexts(byte[] content, string file)
    {
        if (!Utf8.IsValid(content))
        {
            throw new TokenizerException($"'{file}' is not valid JSON: it is not UTF-8.");
        }
        if (!HasSurrogateEscape(content))
        {
            return;
        }
        var reader = new Utf8JsonReader(content);
        while (reader.Read())
        {
            if (reader is { ValueIsEscaped: true, TokenType: JsonTokenType.String or JsonTokenType.PropertyName } && !IsText(ref reader))
            {
                throw new TokenizerException($"'{file}' is not valid JSON: a text at byte {reader.TokenStartIndex} has half of a surrogate pair (\\uD800 to \\uDFFF) alone.");
            }
        }
    }

    private static bool HasSurrogateEscape(ReadOnlySpan<byte> content) => content.IndexOf("\\uD"u8) >= 0 || content.IndexOf("\\ud"u8) >= 0;

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The value of a key; null where it is missing or null.</summary>
    public JsonNode? Get(string key)
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            throw InvalidValue("an object");
        }
        return Element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new JsonNode(value, File, Place.Length == 0 ? key : $"{Place}.{key}")
            : null;
    }

    public JsonNode Require(string key) => Get(key) ?? throw new TokenizerException($"'{File}': '{(Place.Length == 0 ? key : $"{Place}.{key}")}' is missing.");

    public string Text => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw InvalidValue("a string");

    public bool Bool => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw InvalidValue("true or false");

    /// <summary>A whole number, in whichever way it is written (20, 20.0, 2e1).</summary>
    public int Int => Element.ValueKind != JsonValueKind.Number ? throw InvalidValue("a whole number")
        : Element.TryGetInt32(out int value) ? value
        : Element.TryGetDouble(out double number) && double.IsInteger(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw InvalidValue("a whole number");

    public double Number => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw InvalidValue("a number");

    /// <summary>A token id.</summary>
    public int Id => Int is >= 0 and var id ? id : throw InvalidValue("a token id, which is 0 or more");

    public IEnumerable<JsonNode> Items
    {
        get
        {
            JsonNode self = this;
            return Element.ValueKind == JsonValueKind.Array
                ? Element.EnumerateArray().Select((item, index) => new JsonNode(item, self.File, $"{self.Place}[{index}]"))
                : throw InvalidValue("a list");
        }
    }

    public IEnumerable<(string Key, JsonNode Value)> Properties
    {
        get
        {
            JsonNode self = this;
            return Element.ValueKind == JsonValueKind.Object
                ? Element.EnumerateObject().Select(item => (item.Name, new JsonNode(item.Value, self.File, $"{self.Place}.{item.Name}")))
                : throw InvalidValue("an object");
        }
    }

    public bool Flag(string key, bool defaultValue) => Get(key)?.Bool ?? defaultValue;

    public TokenizerException InvalidValue(string expected)
    {
        string found = Element.GetRawText();
        return new($"'{File}': '{Place}' is {(found.Length > 60 ? found[..60] + "..." : found)}; expected {expected}.");
    }
}
