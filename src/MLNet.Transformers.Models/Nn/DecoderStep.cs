using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>What a decoder's layer is given besides the hidden states.</summary>
/// <param name="Mask">What is seen, as <see cref="AttentionMask"/> makes it.</param>
/// <param name="Rotation">The turns of the tokens' positions; null where positions were added to the embeddings.</param>
/// <param name="Cache">What the layer has read before, and is to remember.</param>
internal readonly record struct DecoderStep(Tensor? Mask, IRotation? Rotation, LayerCache? Cache)
{
    /// <summary>Self-attention of a layer: queries and keys are turned, keys and values are remembered.</summary>
    /// <param name="query">(batch, heads, tokens, width).</param>
    /// <param name="key">(batch, key heads, tokens, width).</param>
    /// <param name="value">(batch, key heads, tokens, width).</param>
    /// <param name="dropout">Share of attention weights that are dropped; 0 outside of training.</param>
    /// <returns>(batch, tokens, heads × width).</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, double dropout)
    {
        (Tensor keys, Tensor values) = (Turn(key), value);
        (keys, values) = Cache?.Append(keys, values) ?? (keys, values);
        return Attention.Forward(Turn(query), keys, values, Mask, dropout);
    }

    private Tensor Turn(Tensor x) => Rotation?.Apply(x) ?? x;
}
