using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>What a layer is given besides the hidden states.</summary>
/// <param name="Mask">What tokens see of each other, as <see cref="Attention.Forward"/> takes it.</param>
/// <param name="Source">Of a decoder beside an encoder: what it attends to besides.</param>
/// <param name="Rotation">The turns of the tokens' positions; null where positions are not turned.</param>
internal readonly record struct LayerStep(Tensor? Mask, AttentionSource? Source = null, IRotation? Rotation = null)
{
    /// <summary>What the layer has read before, and is to remember; null where nothing is kept.</summary>
    public LayerCache? Cache { get; init; }

    /// <summary>Self-attention of a layer: queries and keys are turned, keys and values are remembered.</summary>
    /// <param name="query">(batch, heads, tokens, width).</param>
    /// <param name="key">(batch, key heads, tokens, width).</param>
    /// <param name="value">(batch, key heads, tokens, width).</param>
    /// <param name="dropout">Share of attention weights that are dropped; 0 outside of training.</param>
    /// <param name="scale">As <see cref="Attention.Forward"/> takes it.</param>
    /// <returns>(batch, tokens, heads × width).</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, double dropout, double? scale = null)
    {
        (Tensor keys, Tensor values) = (Turn(key), value);
        (keys, values) = Cache?.Append(keys, values) ?? (keys, values);
        return Attention.Forward(Turn(query), keys, values, Mask, dropout, scale);
    }

    private Tensor Turn(Tensor x) => Rotation?.Apply(x) ?? x;
}
