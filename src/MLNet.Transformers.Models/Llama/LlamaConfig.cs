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

    private protected override LlamaConfig Exchange(ConfigKeys keys)
    {
        LlamaConfig config = (LlamaConfig)base.Exchange(keys) with { MlpBias = keys.Flag("mlp_bias", MlpBias) };
        keys.Require(config.Rotary.Partial == 1, "partial_rotary_factor", "1: LLaMA turns whole heads");
        return config;
    }
}
