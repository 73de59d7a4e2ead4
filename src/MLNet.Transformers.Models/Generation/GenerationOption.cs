using System.Reflection;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Generation;

/// <summary>With what an option has an effect.</summary>
internal enum OptionScope
{
    Always,
    Sampling,
    BeamSearch,
}

/// <summary>One property of <see cref="GenerationOptions"/>: what it is called in a checkpoint, how it is read there, and which values are allowed.</summary>
/// <param name="Name">The property.</param>
/// <param name="Key">The key of generation_config.json; null: only callers set it.</param>
/// <param name="Read">The value of the key, null where the file does not give it.</param>
/// <param name="Refuse">What is wrong with a value, given the vocabulary's size, and what is allowed; null: nothing is wrong.</param>
/// <param name="Scope">With what it has an effect.</param>
internal sealed record GenerationOption(
    string Name, string? Key = null, Func<ConfigJson, string, object?>? Read = null, Func<object, int, (object Found, string Allowed)?>? Refuse = null,
    OptionScope Scope = OptionScope.Always)
{
    private readonly PropertyInfo _property = typeof(GenerationOptions).GetProperty(Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;

    public object? Get(GenerationOptions options) => _property.GetValue(options);

    public void Set(GenerationOptions options, object? value) => _property.SetValue(options, value);

    /// <summary>A value as the files of checkpoints hold it.</summary>
    public static JsonNode ToJson(object value) => value switch
    {
        EarlyStopping.WhenFull => true,
        EarlyStopping.Heuristic => false,
        EarlyStopping.Never => "never",
        int whole => whole,
        double number => number,
        bool flag => flag,
        IReadOnlyList<int> ids => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
        IReadOnlyList<string> texts => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        IReadOnlyList<IReadOnlyList<int>> lists => new JsonArray([.. lists.Select(ToJson)]),
        IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)> biases => new JsonArray([.. biases.Select(bias => new JsonArray(ToJson(bias.Ids), bias.Bias))]),
        (int start, double factor) => new JsonArray(start, factor),
        _ => throw new NotSupportedException($"A value of the type {value.GetType().Name} has no form in a file."),
    };

    /// <summary>A value as its owner cannot change it any more.</summary>
    public static object? Copy(object? value) => value switch
    {
        IReadOnlyList<int> ids => ids.ToArray(),
        IReadOnlyList<string> texts => texts.ToArray(),
        IReadOnlyList<ILogitsProcessor> processors => processors.ToArray(),
        IReadOnlyList<IReadOnlyList<int>> lists => lists.Select(IReadOnlyList<int> (list) => [.. list]).ToArray(),
        IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)> biases => biases.Select(((IReadOnlyList<int>, double) (bias) => ([.. bias.Ids], bias.Bias))).ToArray(),
        _ => value,
    };
}
