using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Decoders;

namespace MLNet.Transformers.Models.Llama;

/// <summary>LLaMA's config.json, of all generations; defaults are those of LLaMA 7B (reference: configuration_llama.py).</summary>
public sealed record LlamaConfig : DecoderConfig
{
    internal const string Type = "llama";

    /// <inheritdoc/>
    public override string ModelType => Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 32000;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 4096;

    /// <summary>Whether the feed-forward part has biases (<c>mlp_bias</c>).</summary>
    public bool MlpBias { get; init; }

    internal static LlamaConfig Read(ConfigJson json)
    {
        LlamaConfig config = Read(json, new LlamaConfig()) with { MlpBias = json.Bool("mlp_bias", false) };
        return config.Rotary.Partial == 1
            ? config
            : throw json.Wrong("partial_rotary_factor", "1: LLaMA turns whole heads");
    }

    private protected override void Write(JsonObject json)
    {
        base.Write(json);
        json["mlp_bias"] = MlpBias;
    }
}
