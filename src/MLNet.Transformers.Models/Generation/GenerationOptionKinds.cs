using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Generation;

/// <summary>The kinds of options: how each is read from a file, and which values it may have.</summary>
internal static class GenerationOptionKinds
{
    public const string Positive = "a finite number above 0";

    public static bool IsPositive(double value) => value > 0 && double.IsFinite(value);

    public static GenerationOption Whole(string name, string key, int minimum, OptionScope scope = OptionScope.Always) => new(
        name, key, (json, at) => json.IntOrNull(at), (value, _) => Unless((int)value >= minimum, value, $"at least {minimum}"), scope);

    public static GenerationOption Number(string name, string key, Func<double, bool> isAllowed, string allowed, OptionScope scope = OptionScope.Always) => new(
        name, key, (json, at) => json.NumberOrNull(at, double.NegativeInfinity, double.PositiveInfinity), (value, _) => Unless(isAllowed((double)value), value, allowed), scope);

    public static GenerationOption Flag(string name, string key) => new(name, key, (json, at) => json.Has(at) ? json.Bool(at, false) : null);

    /// <summary>A token; files write a negative number where there is none.</summary>
    public static GenerationOption Id(string name, string key) =>
        new(name, key, (json, at) => json.IntOrNull(at) is >= 0 and { } id ? id : null, (value, vocabulary) => RefuseId((int)value, vocabulary));

    /// <summary>Tokens, as <see cref="Id"/>.</summary>
    public static GenerationOption Ids(string name, string key) => new(name, key, ReadIds, (value, vocabulary) => RefuseIds((IReadOnlyList<int>)value, vocabulary));

    public static (object Found, string Allowed)? Unless(bool isAllowed, object found, string allowed) => isAllowed ? null : (found, allowed);

    public static (object Found, string Allowed)? RefuseSequence(IReadOnlyList<int> ids, int vocabulary) =>
        Unless(ids.Count > 0, "an empty sequence", "sequences of at least one id") ?? RefuseIds(ids, vocabulary);

    public static object? ReadEarlyStopping(ConfigJson json, string key) => json.Json[key]?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => EarlyStopping.WhenFull,
        JsonValueKind.False => EarlyStopping.Heuristic,
        JsonValueKind.String when json.Text(key, "") == "never" => EarlyStopping.Never,
        _ => throw json.InvalidValue(key, "true, false or \"never\""),
    };

    /// <summary>A text, or a list of texts.</summary>
    public static object? ReadTexts(ConfigJson json, string key) =>
        json.Json[key] is JsonValue ? (string[])[json.Text(key, "")] : json.Has(key) ? json.Strings(key) : null;

    public static object? ReadLists(ConfigJson json, string key) => json.Json[key] switch
    {
        null => null,
        JsonArray lists when lists.All(list => list is JsonArray) => lists.Select(IReadOnlyList<int> (list) => [.. ((JsonArray)list!).Select(item => ReadId(json, key, item))]).ToArray(),
        _ => throw json.InvalidValue(key, "a list of lists of ids"),
    };

    public static object? ReadBiases(ConfigJson json, string key)
    {
        return json.Json[key] switch
        {
            null => null,
            JsonArray items => items.Select(Bias).ToArray(),
            _ => throw InvalidValue(),
        };

        (IReadOnlyList<int> Ids, double Bias) Bias(JsonNode? item) =>
            item is JsonArray { Count: 2 } pair && pair[0] is JsonArray ids && pair[1] is JsonValue value && value.TryGetValue(out double bias)
                ? ([.. ids.Select(id => ReadId(json, key, id))], bias)
                : throw InvalidValue();

        CheckpointException InvalidValue() => json.InvalidValue(key, "a list of pairs: a list of ids and a number");
    }

    public static object? ReadDecay(ConfigJson json, string key) => json.Json[key] switch
    {
        null => null,
        JsonArray { Count: 2 } pair when ConfigJson.Whole(pair[0]) is { } from && pair[1] is JsonValue factor && factor.TryGetValue(out double by) => (from, by),
        _ => throw json.InvalidValue(key, "a pair: a whole number and a number"),
    };

    // A number, or a list of numbers. A list of which nothing is left says nothing, which an empty one does.
    private static object? ReadIds(ConfigJson json, string key)
    {
        int[]? written = json.Json[key] switch
        {
            null => null,
            JsonArray list => [.. list.Select(item => ReadId(json, key, item))],
            JsonNode one => [ReadId(json, key, one)],
        };
        int[]? tokens = written?.Where(id => id >= 0).ToArray();
        return tokens is [] && written is not [] ? null : tokens;
    }

    private static int ReadId(ConfigJson json, string key, JsonNode? node) =>
        ConfigJson.Whole(node) ?? throw json.InvalidValue(key, "an id, or a list of ids");

    private static (object Found, string Allowed)? RefuseIds(IReadOnlyList<int> ids, int vocabulary) =>
        ids.Select(id => RefuseId(id, vocabulary)).FirstOrDefault(wrong => wrong is not null);

    private static (object Found, string Allowed)? RefuseId(int id, int vocabulary) =>
        Unless(id >= 0 && id < vocabulary, id, $"an id from 0 to {vocabulary - 1}, the vocabulary's last");
}
