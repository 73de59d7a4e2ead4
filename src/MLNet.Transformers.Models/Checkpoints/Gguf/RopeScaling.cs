using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>How a GGUF file stretches rotary positions beyond the lengths that a network was first trained on, as <c>rope_scaling</c> of a config.json.</summary>
internal static class RopeScaling
{
    private const string Prefix = "llama.rope.scaling.";
    private const string Type = Prefix + "type";
    private const string Factor = Prefix + "factor";
    private const string OriginalContext = Prefix + "original_context_length";
    private const string YarnAttention = Prefix + "yarn_attn_factor";

    // The key of the first versions.
    private const string OldFactor = "llama.rope.scale_linear";

    // The file's names of YaRN's settings and the reference's.
    private static readonly (string Key, string Name)[] _yarn =
    [
        (YarnAttention, "attention_factor"), (Prefix + "yarn_beta_fast", "beta_fast"), (Prefix + "yarn_beta_slow", "beta_slow"),
    ];

    // Settings that the reference has not, and what leaves the network as it is.
    private static readonly (string Key, double[] Neutral)[] _neutral =
    [
        (Prefix + "attn_factor", [1]), (Prefix + "yarn_ext_factor", [-1, 1]), (Prefix + "yarn_log_multiplier", [0]),
    ];

    public static IReadOnlyList<string> Keys { get; } =
        [Type, Factor, OriginalContext, OldFactor, Prefix + "finetuned", .. _yarn.Select(item => item.Key), .. _neutral.Select(item => item.Key)];

    /// <summary>The settings; null where positions are not stretched.</summary>
    /// <exception cref="CheckpointException">The file asks for a way that the reference has not.</exception>
    public static JsonObject? Read(GgufContents file, double ropeBase, int headWidth)
    {
        GgufMetadata metadata = file.Metadata;
        foreach ((string key, double[] neutral) in _neutral)
        {
            if (metadata.Number(key) is { } value && !neutral.Contains(value))
            {
                throw metadata.InvalidValue(key, string.Join(" or ", neutral));
            }
        }
        JsonObject? scaling = Stretched(metadata);
        if (!file.Tensors.TryGetValue(LlamaTensors.RopeFactors, out GgufTensor? tensor))
        {
            return scaling;
        }
        if (scaling is not null)
        {
            throw metadata.InvalidValue(Type, $"nothing beside the tensor '{LlamaTensors.RopeFactors}'");
        }
        float[] factors = Values(file, tensor);
        if (factors.Length != headWidth / 2)
        {
            throw new CheckpointException($"'{file.Path}': the tensor '{tensor.Name}' has {factors.Length} values; expected one for each of {headWidth / 2} frequencies.");
        }
        return factors.All(factor => factor == 1)
            ? null
            : RopeFactors.Settings(factors, ropeBase) ?? throw new CheckpointException(
                $"'{file.Path}': the tensor '{tensor.Name}' holds factors that are not those of LLaMA 3's rule.");
    }

    private static JsonObject? Stretched(GgufMetadata metadata)
    {
        string type = metadata.Text(Type) ?? (metadata.Has(Factor) || metadata.Has(OldFactor) ? "linear" : "none");
        if (type == "none")
        {
            return null;
        }
        if (type is not ("linear" or "yarn"))
        {
            throw metadata.InvalidValue(Type, "'none', 'linear' or 'yarn'");
        }
        double factor = metadata.Number(Factor) ?? metadata.Number(OldFactor) ?? throw metadata.InvalidValue(Factor, "a number");
        var scaling = new JsonObject { ["rope_type"] = type, ["factor"] = factor };
        if (type == "linear")
        {
            return factor == 1 ? null : scaling;
        }
        scaling["original_max_position_embeddings"] = metadata.RequiredInt(OriginalContext);
        foreach ((string key, string name) in _yarn)
        {
            if (metadata.Number(key) is { } value)
            {
                scaling[name] = value;
            }
        }
        return scaling;
    }

    private static float[] Values(GgufContents file, GgufTensor tensor)
    {
        using Tensor values = empty(tensor.Shape, ScalarType.Float32);
        tensor.CopyTo(values);
        return values.data<float>().ToArray();
    }
}
