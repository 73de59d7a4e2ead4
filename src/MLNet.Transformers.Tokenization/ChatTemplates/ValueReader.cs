using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates;

/// <summary>From .NET's data to the values of a template: null, texts, numbers, truth, lists, dictionaries by text, and JSON. Other objects are refused.</summary>
internal static class ValueReader
{
    /// <param name="value">The data.</param>
    /// <param name="place">What errors call it.</param>
    /// <exception cref="ArgumentException">It is of a type that a template has no value for.</exception>
    public static object? Read(object? value, string place)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ArgumentException($"{place[..40]}... lies within other data too deeply, or within itself.");
        }
        return value switch
        {
            null => null,
            string or bool or double or BigInteger => value,
            char unit => unit.ToString(),
            sbyte or byte or short or ushort or int or uint or long or ulong => BigInteger.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture),
            float number => double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            decimal number => (double)number,
            JsonElement json => ReadJson(json, place),
            JsonNode json => ReadJson(JsonSerializer.SerializeToElement(json), place),
            JsonDocument json => ReadJson(json.RootElement, place),
            IReadOnlyDictionary<string, object?> entries => ReadEntries(entries.Select(item => (item.Key, item.Value)), place),
            IDictionary entries => ReadEntries(entries.Keys.Cast<object>().Select(key => (Key(key, place), entries[key])), place),
            IEnumerable<KeyValuePair<string, string>> entries => ReadEntries(entries.Select(item => (item.Key, (object?)item.Value)), place),
            IEnumerable items => new ListValue([.. items.Cast<object?>().Select((item, i) => Read(item, $"{place}[{i}]"))]),
            _ => throw new ArgumentException(
                $"{place} is a {value.GetType().Name}; expected null, a text, a number, true or false, a list, a dictionary by text, or JSON."),
        };
    }

    private static DictValue ReadEntries(IEnumerable<(string Key, object? Value)> entries, string place) =>
        new(entries.Select(entry => new KeyValuePair<object?, object?>(entry.Key, Read(entry.Value, $"{place}.{entry.Key}"))));

    private static string Key(object key, string place) =>
        key as string ?? throw new ArgumentException($"{place} has a key that is a {key.GetType().Name}; expected texts.");

    private static object? ReadJson(JsonElement json, string place) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetRawText() is var text && text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : double.Parse(text, CultureInfo.InvariantCulture),
        JsonValueKind.Array => new ListValue([.. json.EnumerateArray().Select((item, i) => ReadJson(item, $"{place}[{i}]"))]),
        JsonValueKind.Object => new DictValue(json.EnumerateObject().Select(item => new KeyValuePair<object?, object?>(item.Name, ReadJson(item.Value, $"{place}.{item.Name}")))),
        _ => throw new ArgumentException($"{place} is an empty JSON element."),
    };
}
