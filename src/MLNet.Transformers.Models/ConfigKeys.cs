using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models;

/// <summary>
/// One pass over the keys of a config.json. A config names each key once, hands over its value and takes what comes back: when a file is read, the
/// file's value, or what was handed over where the file has none; when one is written, what was handed over, which then stands in the file. Both are checked.
/// </summary>
/// <param name="json">The file.</param>
/// <param name="writes">Whether the file is written.</param>
internal sealed class ConfigKeys(ConfigJson json, bool writes)
{
    // So that the few rows that some tables have more than config.json says fit into a number of 32 bits.
    private const int LargestSize = 1 << 30;

    // Each is some tens of modules and tensors of its own, about 60 kB however small it is; ten times as many as anybody has trained.
    private const int MostLayers = 10_000;

    private readonly Dictionary<string, int> _sizes = [];
    private (string Name, int Size) _vocabulary;

    public ConfigJson Json => json;

    public bool Writes => writes;

    /// <summary>All sizes of the pass, the largest first, for a message.</summary>
    public string Sizes => string.Join(", ", _sizes.OrderByDescending(size => size.Value).Select(size => $"'{size.Key}' is {size.Value}"));

    /// <summary>A size of the network's tensors, or a number of them.</summary>
    /// <param name="key">The architecture's own name, which is written.</param>
    /// <param name="value">The config's value.</param>
    /// <param name="general">The name that the reference has for all architectures.</param>
    /// <param name="generalFirst">Whether that one counts where a file gives both.</param>
    /// <param name="minimum">The smallest value.</param>
    /// <param name="maximum">The largest value.</param>
    public int Size(string key, int value, string? general = null, bool generalFirst = true, int minimum = 1, int maximum = LargestSize)
    {
        Put(key, value);
        if (writes && general is not null)
        {
            json.Json.Remove(general);
        }
        return Sized(key, general is not null && json.Has(general) && (generalFirst || !json.Has(key)) ? general : key, value, minimum, maximum);
    }

    /// <summary>A number of layers; the parameters are as in <see cref="Size"/>.</summary>
    public int Layers(string key, int value, string? general = null, bool generalFirst = true) => Size(key, value, general, generalFirst, maximum: MostLayers);

    /// <summary>A number of layers that null stands for too; the parameters are as in <see cref="SizeOrNull"/>.</summary>
    public int? LayersOrNull(string key, int? value, int? written = null) => SizeOrNull(key, value, written, MostLayers);

    /// <summary>A size that null stands for too.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The config's value.</param>
    /// <param name="written">What null means, and is written as.</param>
    /// <param name="maximum">The largest value.</param>
    public int? SizeOrNull(string key, int? value, int? written = null, int maximum = LargestSize) =>
        Put(key, value ?? written).Has(key) ? Sized(key, key, 0, maximum: maximum) : json.Json.ContainsKey(key) ? null : value;

    /// <summary>A size that divides another one, which was asked for before.</summary>
    public int Divisor(string key, int value, string of, string? general = null)
    {
        int size = Size(key, value, general);
        return Require(_sizes[of] % size == 0, key, $"a divisor of '{of}', which is {_sizes[of]}", size);
    }

    /// <summary>The size of the vocabulary, which all ids that follow must lie in.</summary>
    public int Vocabulary(string key, int value)
    {
        int size = Size(key, value);
        IdsLieIn($"'{key}'", size);
        return size;
    }

    /// <summary>Says what the ids that follow must lie in.</summary>
    public void IdsLieIn(string name, int size) => _vocabulary = (name, size);

    /// <summary>A whole number, at least 1, that is no size of a tensor.</summary>
    public int Count(string key, int value) => Put(key, value).Int(key, value);

    /// <summary>A token id; null is as absent.</summary>
    public int Id(string key, int value) => InVocabulary(key, AnyId(key, value));

    /// <summary>As <see cref="Id"/>, but of a token that the network need not have.</summary>
    public int AnyId(string key, int value) => Put(key, value).IntOrNull(key) ?? value;

    /// <summary>A token id that null says there is none of.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The config's value.</param>
    /// <param name="written">What null means, and is written as.</param>
    /// <param name="mayCountFromEnd">Whether a negative one counts from the vocabulary's end.</param>
    public int? IdOrNull(string key, int? value, int? written = null, bool mayCountFromEnd = false) =>
        (Put(key, value ?? written).Json.ContainsKey(key) ? json.IntOrNull(key) : value) is { } id ? InVocabulary(key, id, mayCountFromEnd) : null;

    /// <summary>The ids that end a text (<c>eos_token_id</c>), which files give as one number or as a list. A list of several stays in the file as it is.</summary>
    /// <returns>Null where the file says that there is none.</returns>
    public IReadOnlyList<int>? Ends(int? value)
    {
        const string Key = "eos_token_id";
        if (value is not null && json.Json[Key] is not JsonArray { Count: > 1 })
        {
            Put(Key, value);
        }
        int[]? ends = json.Json.ContainsKey(Key) ? json.Ids(Key) : value is { } end ? [end] : null;
        Array.ForEach(ends ?? [], id => InVocabulary(Key, id));
        return Require(ends is not [], Key, ConfigJson.IdsExpected, ends);
    }

    public double Number(string key, double value, double minimum = 0) => Put(key, value).Number(key, value, minimum);

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string key, double value) => Put(key, value).Number(key, value, 0, 1);

    /// <summary>A number from 0 to 1, or null, which is as absent.</summary>
    public double? ShareOrNull(string key, double? value) => Put(key, value).NumberOrNull(key, 0, 1);

    public bool Flag(string key, bool value) => Put(key, value).Bool(key, value);

    public string Text(string key, string value) => Put(key, value).Text(key, value);

    /// <summary>The name of an activation.</summary>
    public string Activation(string key, string value)
    {
        string name = Text(key, value);
        return Require(Activations.IsKnown(name), key, $"one of {Activations.Known}", name);
    }

    /// <summary>A flag of which the library knows one value, which absence means too.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="otherwise">What the other value would mean.</param>
    /// <param name="written">Whether it is written.</param>
    public void Only(string key, bool value, string otherwise, bool written = false)
    {
        if (written)
        {
            Put(key, value);
        }
        Require(json.Bool(key, value) == value, key, $"{(value ? "true" : "false")}: {otherwise}");
    }

    /// <summary>A text of which the library knows one value, which absence means too; it is not written.</summary>
    public void Only(string key, string value, string otherwise) => Require(json.Text(key, value) == value, key, $"\"{value}\": {otherwise}");

    /// <exception cref="CheckpointException">The condition does not hold.</exception>
    public void Require(bool condition, string key, string expected) => Require(condition, key, expected, condition);

    private T Require<T>(bool condition, string key, string expected, T value) => condition ? value : throw json.InvalidValue(key, expected);

    private ConfigJson Put(string key, JsonNode? value)
    {
        if (writes)
        {
            json.Json[key] = value;
        }
        return json;
    }

    private int Sized(string key, string found, int absent, int minimum = 1, int maximum = LargestSize) => _sizes[key] = json.Int(found, absent, minimum, maximum);

    private int InVocabulary(string key, int id, bool mayCountFromEnd = false) => Require(
        id < _vocabulary.Size && id >= (mayCountFromEnd ? -_vocabulary.Size : 0), key, $"an id below {_vocabulary.Name}, which is {_vocabulary.Size}", id);
}
