using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models;

/// <summary>
/// What config.json says of rotary embeddings, in every spelling: <c>rope_theta</c> with <c>rope_scaling</c> (Transformers 4, where the type was once
/// called <c>type</c>) or <c>rope_parameters</c> with everything inside (Transformers 5).
/// </summary>
/// <param name="Theta">The base of the frequencies.</param>
/// <param name="Partial">Share of a head's values that are turned.</param>
/// <param name="Scaling">How frequencies follow from the base.</param>
internal sealed record RotarySettings(double Theta, double Partial, RotaryScaling Scaling)
{
    private const double DefaultTheta = 10000;

    private static readonly HashSet<string> _known =
    [
        "rope_type", "type", "rope_theta", "partial_rotary_factor", "factor", "original_max_position_embeddings", "attention_factor", "beta_fast",
        "beta_slow", "mscale", "mscale_all_dim", "truncate", "low_freq_factor", "high_freq_factor", "finetuned",
    ];

    /// <summary>Rotary embeddings that nothing is said of.</summary>
    public static RotarySettings Default(double partial) => new(DefaultTheta, partial, new NoRotaryScaling());

    /// <summary>What the file says, or these settings; when it is written, the base stands in it.</summary>
    /// <param name="keys">The pass.</param>
    /// <param name="maxPositions">The file's <c>max_position_embeddings</c>.</param>
    /// <exception cref="CheckpointException">A key is missing or has a wrong value, or the type is not supported.</exception>
    public RotarySettings Exchange(ConfigKeys keys, int maxPositions)
    {
        if (!keys.Writes)
        {
            return Read(keys.Json, maxPositions);
        }
        Write(keys.Json);
        return this;
    }

    /// <summary>The embedding of a head.</summary>
    public RotaryEmbedding Embedding(int headWidth, RotaryPairs pairs) => new(Theta, Width(headWidth), pairs, Scaling);

    /// <summary>Pairs of a head's values that are turned; of an odd width one value more than its share is.</summary>
    public int Pairs(int headWidth) => (Width(headWidth) + 1) / 2;

    private RotarySettings Read(ConfigJson json, int maxPositions)
    {
        ConfigJson section = Section(json);
        string type = section.StringOrNull("rope_type") ?? section.StringOrNull("type") ?? "default";
        foreach (string key in section.Json.Select(item => item.Key).Where(key => !_known.Contains(key)))
        {
            throw section.InvalidValue(key, "no such key: rotary embeddings of that kind are not supported");
        }
        return new RotarySettings(
            section.NumberOrNull("rope_theta", 1, double.MaxValue) ?? json.NumberOrNull("rope_theta", 1, double.MaxValue) ?? Theta,
            section.NumberOrNull("partial_rotary_factor", 0, 1) ?? json.NumberOrNull("partial_rotary_factor", 0, 1) ?? Partial,
            type switch
            {
                "default" => new NoRotaryScaling(),
                "linear" => new LinearRotaryScaling(Factor(section)),
                "dynamic" => new DynamicRotaryScaling(Factor(section), maxPositions),
                "yarn" => Yarn(section, maxPositions, Original(json, section, maxPositions)),
                "llama3" => new Llama3RotaryScaling(
                    Factor(section), Required(section, "low_freq_factor"), Required(section, "high_freq_factor"), Original(json, section, maxPositions)),
                _ => throw section.InvalidValue(section.Has("rope_type") ? "rope_type" : "type", "one of 'default', 'linear', 'dynamic', 'yarn', 'llama3'; others are not supported"),
            });
    }

    // The base stands where the file has it, or would have it.
    private void Write(ConfigJson json)
    {
        JsonObject section = Section(json).Json;
        JsonObject place = section.ContainsKey("rope_theta") || section == json.Json["rope_parameters"] ? section : json.Json;
        place["rope_theta"] = Theta;
    }

    private int Width(int headWidth) => (int)(headWidth * Partial);

    // Where both are given the older spelling counts, as in the reference.
    private static ConfigJson Section(ConfigJson json)
    {
        ConfigJson scaling = json.Section("rope_scaling");
        return scaling.Json.Count > 0 ? scaling : json.Section("rope_parameters");
    }

    private static double Factor(ConfigJson section) => Required(section, "factor");

    private static double Required(ConfigJson section, string key) => section.Has(key)
        ? section.Number(key, 0, double.Epsilon)
        : throw section.InvalidValue(key, "a number above 0");

    // Some checkpoints have it beside the section, where it goes first.
    private static int Original(ConfigJson json, ConfigJson section, int maxPositions)
    {
        const string Key = "original_max_position_embeddings";
        return json.Has(Key) ? json.Int(Key, 0) : section.Has(Key) ? section.Int(Key, 0) : maxPositions;
    }

    private static YarnRotaryScaling Yarn(ConfigJson section, int maxPositions, int original)
    {
        double factor = section.Has("factor") ? Factor(section) : (double)maxPositions / original;
        double? scale = section.NumberOrNull("mscale", 0, double.MaxValue);
        double? scaleAll = section.NumberOrNull("mscale_all_dim", 0, double.MaxValue);
        double attention = section.NumberOrNull("attention_factor", 0, double.MaxValue)
            ?? (scale > 0 && scaleAll > 0
                ? YarnRotaryScaling.Temperature(factor, scale.Value) / YarnRotaryScaling.Temperature(factor, scaleAll.Value)
                : YarnRotaryScaling.Temperature(factor));
        return new YarnRotaryScaling(
            factor, original, OrDefault("beta_fast", 32), OrDefault("beta_slow", 1), !section.Has("truncate") || section.Bool("truncate", true), attention);

        // 0 is as absent, as in the reference.
        double OrDefault(string key, double fallback) => section.NumberOrNull(key, 0, double.MaxValue) is { } value and > 0 ? value : fallback;
    }
}
