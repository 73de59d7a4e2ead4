using System.Globalization;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// What a GGUF file says beside its tensors: values by key, whole numbers as long (ulong beyond), and lists as object[]. An absent key is null; a value
/// of another type than is asked for is refused by name.
/// </summary>
/// <param name="path">What to call the file.</param>
/// <param name="values">The values.</param>
internal sealed class GgufMetadata(string path, IReadOnlyDictionary<string, object> values)
{
    public string Path => path;

    public IEnumerable<string> Keys => values.Keys;

    public bool Has(string key) => values.ContainsKey(key);

    public string? Text(string key) => Read<string>(key, "a text");

    public bool? Bool(string key) => values.TryGetValue(key, out object? value) ? value as bool? ?? throw InvalidValue(key, "true or false") : null;

    public int? Int(string key, int minimum = 0)
    {
        if (!values.TryGetValue(key, out object? value))
        {
            return null;
        }
        return value is long number && number >= minimum && number <= int.MaxValue ? (int)number : throw InvalidValue(key, $"one whole number of at least {minimum}");
    }

    public int RequiredInt(string key, int minimum = 1) => Int(key, minimum) ?? throw InvalidValue(key, "a whole number");

    /// <summary>A number as its shortest decimals say it: a file that holds 1e-5 as a float does not mean 9.999999747378752e-06.</summary>
    public double? Number(string key) => !values.TryGetValue(key, out object? value) ? null : value switch
    {
        float single when float.IsFinite(single) => double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        double number when double.IsFinite(number) => number,
        long number => number,
        ulong number => number,
        _ => throw InvalidValue(key, "a number"),
    };

    /// <summary>How many items a list has.</summary>
    public int? Length(string key) => Read<object[]>(key, "a list")?.Length;

    public string[]? Texts(string key) => List<string>(key, "texts");

    public long[]? Ints(string key) => List<long>(key, "whole numbers");

    public float[]? Singles(string key) => List<float>(key, "numbers");

    /// <summary>An error about the value of a key.</summary>
    public CheckpointException InvalidValue(string key, string expected)
    {
        string found = values.TryGetValue(key, out object? value)
            ? value switch
            {
                object[] list => $"a list of {list.Length:N0} items",
                string text => $"'{text}'",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            }
            : "missing";
        return new CheckpointException($"'{path}': the metadata '{key}' is {found}; expected {expected}.");
    }

    private T? Read<T>(string key, string expected)
        where T : class => values.TryGetValue(key, out object? value) ? value as T ?? throw InvalidValue(key, expected) : null;

    private T[]? List<T>(string key, string expected)
    {
        object[]? list = Read<object[]>(key, $"a list of {expected}");
        return list is null ? null : list.All(item => item is T) ? [.. list.Cast<T>()] : throw InvalidValue(key, $"a list of {expected}");
    }
}
