using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Generation;

/// <summary>
/// What a checkpoint says of generation: generation_config.json, and where there is none the generation keys that older checkpoints have in config.json
/// (reference: generation/configuration_utils.py). Keys of what this library does not do are refused, unless their value does nothing.
/// </summary>
internal static class GenerationConfigFile
{
    public const string FileName = "generation_config.json";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    // Rules that the reference has and this library has not, and the values that leave them off.
    private static readonly (string Key, double? Off)[] _unsupported =
    [
        ("penalty_alpha", 0), ("guidance_scale", 1), ("dola_layers", null), ("constraints", null),
        ("force_words_ids", null), ("watermarking_config", null), ("max_time", null), ("top_h", null), ("prompt_lookup_num_tokens", null),
        ("assistant_early_exit", null), ("forced_decoder_ids", null), ("remove_invalid_values", 0), ("token_healing", 0), ("low_memory", 0),
    ];

    /// <summary>Options of a checkpoint folder; those that it does not give are null.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">Its config.</param>
    /// <exception cref="CheckpointException">A value has the wrong type, or asks for what is not supported.</exception>
    public static GenerationOptions Read(string folder, ModelConfig config)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(ConfigJson.Parse(File.ReadAllBytes(path), path)) : Legacy(config, Path.Combine(folder, "config.json"));
    }

    /// <summary>The generation keys of a config.json; of a network made of two, what its decoder's part says counts where the whole says nothing.</summary>
    /// <param name="config">What was read of it.</param>
    /// <param name="path">Where it lies, for errors.</param>
    public static GenerationOptions Legacy(ModelConfig config, string path)
    {
        GenerationOptions whole = Read(Parse(config.Source, path));
        return config.Source["decoder"] is JsonObject decoder ? GenerationSettings.Merge(whole, Read(Parse(decoder, $"{path}, decoder"))) with { Source = whole.Source } : whole;
    }

    /// <summary>Options of a file's content.</summary>
    public static GenerationOptions Read(byte[] content, string path) => Read(ConfigJson.Parse(content, path));

    /// <summary>Options of a parsed file.</summary>
    public static GenerationOptions Read(ConfigJson json)
    {
        foreach ((string key, double? off) in _unsupported.Where(item => json.Has(item.Key)))
        {
            if (!IsOff(json.Json[key]!, off))
            {
                throw json.InvalidValue(key, $"{(off is null ? "null" : $"null or {off}")}: this way of generation is not supported");
            }
        }
        var options = new GenerationOptions { Source = json.Source };
        foreach (GenerationOption row in GenerationOptionTable.Rows.Where(row => row.Key is not null))
        {
            row.Set(options, row.Read!(json, row.Key!));
        }
        return options;
    }

    /// <summary>The content of a file that says what options say. Those that only callers set are not in it.</summary>
    /// <param name="options">The options; what is null is not said.</param>
    /// <param name="content">A file whose other keys are kept, or null.</param>
    public static byte[] Write(GenerationOptions options, byte[]? content = null)
    {
        JsonObject json = content is null ? [] : ConfigJson.Parse(content, FileName).Json;
        foreach (GenerationOption row in GenerationOptionTable.Rows.Where(row => row.Key is not null))
        {
            json.Remove(row.Key!);
            // JSON has no infinity, and an option that is one does nothing, or was refused.
            if (row.Get(options) is { } value and not (double.PositiveInfinity or double.NegativeInfinity))
            {
                json[row.Key!] = GenerationOption.ToJson(value);
            }
        }
        return Encoding.UTF8.GetBytes(json.ToJsonString(_indented) + "\n");
    }

    private static ConfigJson Parse(JsonObject json, string name) => ConfigJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), name);

    private static bool IsOff(JsonNode value, double? off) => value.GetValueKind() switch
    {
        JsonValueKind.False => off == 0,
        JsonValueKind.Number => value.GetValue<double>() == off,
        _ => false,
    };
}
