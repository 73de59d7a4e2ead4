using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Scaled dot-product attention over heads.</summary>
internal static class Attention
{
    /// <summary>softmax(q·kᵀ / √width)·v, "Attention Is All You Need" §3.2.1.</summary>
    /// <param name="query">(batch, queries, heads × width).</param>
    /// <param name="key">(batch, keys, heads × width).</param>
    /// <param name="value">(batch, keys, heads × width).</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="mask">True = seen, broadcast to (batch, heads, queries, keys); null: everything is seen.</param>
    /// <param name="dropout">Share of attention weights that are dropped; 0 outside of training.</param>
    /// <returns>(batch, queries, heads × width).</returns>
    public static Tensor Forward(Tensor query, Tensor key, Tensor value, int heads, Tensor? mask, double dropout)
    {
        Tensor context = nn.functional.scaled_dot_product_attention(
            SplitHeads(query, heads), SplitHeads(key, heads), SplitHeads(value, heads), mask, dropout);
        return context.transpose(1, 2).flatten(2);
    }

    // (batch, tokens, heads × width) -> (batch, heads, tokens, width)
    private static Tensor SplitHeads(Tensor x, int heads) => x.unflatten(2, [heads, x.shape[2] / heads]).transpose(1, 2);
}
