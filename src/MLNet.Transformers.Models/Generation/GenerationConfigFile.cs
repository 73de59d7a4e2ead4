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

    // Rules that the reference has and this library has not, and the values that leave them off.
    private static readonly (string Key, double? Off)[] _unsupported =
    [
        ("num_beam_groups", 1), ("diversity_penalty", 0), ("penalty_alpha", 0), ("guidance_scale", 1), ("dola_layers", null), ("constraints", null),
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
        return File.Exists(path) ? Read(ConfigJson.Parse(File.ReadAllBytes(path), path)) : Legacy(config);
    }

    /// <summary>The generation keys of a config.json; of a network made of two, what its decoder's part says counts where the whole says nothing.</summary>
    public static GenerationOptions Legacy(ModelConfig config)
    {
        GenerationOptions whole = Read(Parse(config.Source, "config.json"));
        return config.Source["decoder"] is JsonObject decoder ? whole.Over(Read(Parse(decoder, "config.json, decoder"))) : whole;
    }

    /// <summary>Options of a parsed file.</summary>
    public static GenerationOptions Read(ConfigJson json)
    {
        foreach ((string key, double? off) in _unsupported.Where(item => json.Has(item.Key)))
        {
            if (!IsOff(json.Json[key]!, off))
            {
                throw json.Wrong(key, $"{(off is null ? "null" : $"null or {off}")}: this way of generation is not supported");
            }
        }
        return new GenerationOptions
        {
            MaxNewTokens = json.IntOrNull("max_new_tokens"),
            MaxLength = json.Has("max_new_tokens") ? null : MaxLength(json),
            MinNewTokens = json.IntOrNull("min_new_tokens"),
            MinLength = json.IntOrNull("min_length"),
            Beams = json.IntOrNull("num_beams"),
            EarlyStopping = EarlyStoppingOf(json),
            LengthPenalty = Number(json, "length_penalty"),
            Sample = Bool(json, "do_sample"),
            Temperature = Number(json, "temperature"),
            TopK = json.IntOrNull("top_k"),
            TopP = Number(json, "top_p"),
            MinP = Number(json, "min_p"),
            TypicalP = Number(json, "typical_p"),
            EpsilonCutoff = Number(json, "epsilon_cutoff"),
            EtaCutoff = Number(json, "eta_cutoff"),
            RepetitionPenalty = Number(json, "repetition_penalty"),
            EncoderRepetitionPenalty = Number(json, "encoder_repetition_penalty"),
            NoRepeatNgramSize = json.IntOrNull("no_repeat_ngram_size"),
            EncoderNoRepeatNgramSize = json.IntOrNull("encoder_no_repeat_ngram_size"),
            BadWords = Lists(json, "bad_words_ids"),
            SequenceBias = Biases(json),
            SuppressedIds = Ids(json, "suppress_tokens"),
            SuppressedFirstIds = Ids(json, "begin_suppress_tokens"),
            ForcedBosId = json.IntOrNull("forced_bos_token_id"),
            ForcedEosIds = Ids(json, "forced_eos_token_id"),
            LengthDecay = Decay(json),
            EosIds = Ids(json, "eos_token_id"),
            PadId = json.IntOrNull("pad_token_id"),
            BosId = json.IntOrNull("bos_token_id"),
            DecoderStartId = json.IntOrNull("decoder_start_token_id"),
            ReturnedSequences = json.IntOrNull("num_return_sequences"),
            StopStrings = json.Json["stop_strings"] is JsonValue ? [json.Text("stop_strings", "")] : json.Has("stop_strings") ? json.Strings("stop_strings") : null,
            Renormalize = Bool(json, "renormalize_logits"),
        };
    }

    private static ConfigJson Parse(JsonObject json, string name) => ConfigJson.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), name);

    private static bool IsOff(JsonNode value, double? off) => value.GetValueKind() switch
    {
        JsonValueKind.False => off == 0,
        JsonValueKind.Number => value.GetValue<double>() == off,
        _ => false,
    };

    // Files of older releases hold the default, which means: 20 new tokens.
    private static int? MaxLength(ConfigJson json) => json.IntOrNull("max_length") is { } length and not GenerationSettings.DefaultNewTokens ? length : null;

    private static double? Number(ConfigJson json, string key) => json.NumberOrNull(key, double.NegativeInfinity, double.PositiveInfinity);

    private static bool? Bool(ConfigJson json, string key) => json.Has(key) ? json.Bool(key, false) : null;

    private static EarlyStopping? EarlyStoppingOf(ConfigJson json) => json.Json["early_stopping"]?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => EarlyStopping.WhenFull,
        JsonValueKind.False => EarlyStopping.Heuristic,
        JsonValueKind.String when json.Text("early_stopping", "") == "never" => EarlyStopping.Never,
        _ => throw json.Wrong("early_stopping", "true, false or \"never\""),
    };

    // A number, or a list of numbers.
    private static IReadOnlyList<int>? Ids(ConfigJson json, string key) => json.Json[key] switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => Id(json, key, item))],
        JsonNode one => [Id(json, key, one)],
    };

    private static int Id(ConfigJson json, string key, JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out int id) ? id : throw json.Wrong(key, "an id, or a list of ids");

    private static IReadOnlyList<IReadOnlyList<int>>? Lists(ConfigJson json, string key) => json.Json[key] switch
    {
        null => null,
        JsonArray lists when lists.All(list => list is JsonArray) =>
            [.. lists.Select(list => (IReadOnlyList<int>)[.. ((JsonArray)list!).Select(item => Id(json, key, item))])],
        _ => throw json.Wrong(key, "a list of lists of ids"),
    };

    private static IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)>? Biases(ConfigJson json)
    {
        const string Key = "sequence_bias";
        return json.Json[Key] switch
        {
            null => null,
            JsonArray items => [.. items.Select(Bias)],
            _ => throw Wrong(),
        };

        (IReadOnlyList<int>, double) Bias(JsonNode? item) => item is JsonArray { Count: 2 } pair && pair[0] is JsonArray ids && pair[1] is JsonValue value && value.TryGetValue(out double bias)
            ? ([.. ids.Select(id => Id(json, Key, id))], bias)
            : throw Wrong();

        CheckpointException Wrong() => json.Wrong(Key, "a list of pairs: a list of ids and a number");
    }

    private static (int Start, double Factor)? Decay(ConfigJson json)
    {
        const string Key = "exponential_decay_length_penalty";
        return json.Json[Key] switch
        {
            null => null,
            JsonArray { Count: 2 } pair when pair[0] is JsonValue start && start.TryGetValue(out int from) && pair[1] is JsonValue factor && factor.TryGetValue(out double by) => (from, by),
            _ => throw json.Wrong(Key, "a pair: a whole number and a number"),
        };
    }
}
