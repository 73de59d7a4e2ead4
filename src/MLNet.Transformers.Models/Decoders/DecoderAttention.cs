using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>The self-attention of LLaMA and of the networks built like it, whose key heads may be shared (Ainslie et al. 2023).</summary>
internal static class DecoderAttention
{
    private static readonly AttentionNames _names = new("q_proj", "k_proj", "v_proj", "o_proj");

    public static MultiHeadAttention Create(DecoderConfig config, bool outputBias, Placement placement) =>
        new(_names, config.Attention, new AttentionOptions(config.AttentionDropout) { Bias = config.AttentionBias, OutputBias = outputBias }, placement);
}
