using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Scaled dot-product attention over heads.</summary>
internal static class Attention
{
    /// <summary>softmax(q·kᵀ · scale)·v, "Attention Is All You Need" §3.2.1.</summary>
    /// <param name="query">(batch, heads, queries, width).</param>
    /// <param name="key">(batch, key heads, keys, width); key heads divides heads, and neighbouring heads share one (Ainslie et al. 2023).</param>
    /// <param name="value">(batch, key heads, keys, width).</param>
    /// <param name="mask">True = seen, or numbers that are added to the scores; broadcast to (batch, heads, queries, keys). Null: everything is seen.</param>
    /// <param name="dropout">Share of attention weights that are dropped; 0 outside of training.</param>
    /// <param name="scale">Factor on the scores before the mask is added; null: 1 / √width.</param>
    /// <returns>(batch, queries, heads × width).</returns>
    public static Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout = 0, double? scale = null)
    {
        // libtorch's operator divides by √width, and TorchSharp binds it without its argument for another scale.
        query = scale is { } factor ? query * Number(factor * Math.Sqrt(query.shape[3])) : query;
        long sharing = query.shape[1] / key.shape[1];
        if (sharing > 1 && query.shape[2] == 1 && (mask is null || mask.shape[1] == 1))
        {
            // One query a head, as in each step of a generation: the heads that share keys are as many queries of one head, and nothing is copied.
            Tensor folded = query.reshape(query.shape[0], key.shape[1], sharing, query.shape[3]);
            return nn.functional.scaled_dot_product_attention(folded, key, value, mask, dropout).flatten(1).unsqueeze(1);
        }
        (key, value) = (Repeat(key, sharing), Repeat(value, sharing));
        bool learns = is_grad_enabled() && query.device.type == DeviceType.CPU;
        return MergeHeads(learns ? Learnt(query, key, value, mask, dropout) : nn.functional.scaled_dot_product_attention(query, key, value, mask, dropout));
    }

    /// <summary>(batch, tokens, heads × width) → (batch, heads, tokens, width).</summary>
    public static Tensor SplitHeads(Tensor x, int heads) => x.unflatten(2, [heads, x.shape[2] / heads]).transpose(1, 2);

    /// <summary>(batch, heads, tokens, width) → (batch, tokens, heads × width).</summary>
    public static Tensor MergeHeads(Tensor x) => x.transpose(1, 2).flatten(2);

    // Where gradients are wanted, always in float32: backwards libtorch's operator takes four times as long in bfloat16, and longer than that for short texts.
    private static Tensor Learnt(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout)
    {
        Tensor computed = dropout > 0
            ? WithDropout(Float32(query), Float32(key), Float32(value), mask, dropout)
            : nn.functional.scaled_dot_product_attention(Float32(query), Float32(key), Float32(value), mask?.dtype == ScalarType.BFloat16 ? Float32(mask) : mask);
        return computed.to(query.dtype);
    }

    // libtorch's operator computes step by step, too, where weights are dropped, but draws what is dropped slowly.
    private static Tensor WithDropout(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout)
    {
        Tensor scores = query.div(Number(Math.Sqrt(query.shape[3]))).matmul(key.transpose(2, 3));
        scores = mask switch
        {
            null => scores,
            { dtype: ScalarType.Bool } => scores.masked_fill(mask.logical_not(), Number(finfo(ScalarType.Float32).min)),
            _ => scores.Plus(mask),
        };
        return Dropout.Of(scores.softmax(3), dropout, training: true).matmul(value);
    }

    private static Tensor Float32(Tensor x) => x.to(ScalarType.Float32);

    // Each head's keys as often as heads share them.
    private static Tensor Repeat(Tensor x, long times) => times == 1 ? x : x.repeat_interleave(times, 1);
}
