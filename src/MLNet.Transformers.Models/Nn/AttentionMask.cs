using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Masks for attention: true = seen. They take every form of <see cref="TokenBatch.Mask"/>.</summary>
internal static class AttentionMask
{
    /// <summary>Every token sees every token that is no padding: encoders, and decoders that look at a source.</summary>
    /// <returns>(batch, 1 or heads, 1 or queries, keys), bool; null where every token sees every token.</returns>
    public static Tensor? Bidirectional(Tensor? mask) => mask is null ? null : Broadcast(Seen(mask));

    /// <summary>Every token sees itself and what stands before it: decoders.</summary>
    /// <param name="batch">Its mask covers what its cache holds, too.</param>
    /// <returns>(batch or 1, 1 or heads, queries, keys), bool; null where every token sees every token.</returns>
    public static Tensor? Causal(TokenBatch batch)
    {
        long cached = batch.Cache?.Length ?? 0;
        if (batch.Mask is { } given && given.dim() > 2)
        {
            return Broadcast(Seen(given));
        }
        if (batch.Length == 1 && batch.Mask is null)
        {
            return null;
        }
        Tensor before = ones(batch.Length, cached + batch.Length, ScalarType.Bool, batch.Ids.device).tril(cached);
        return batch.Mask switch
        {
            null => before.unsqueeze(0).unsqueeze(0),
            { } prefix when prefix.dim() == 1 => Prefix(before, prefix),
            { } padding => WithoutPadding(before, Seen(padding)),
        };
    }

    /// <summary>
    /// As <see cref="Causal"/>, but where a mask of queries and keys hides every key from a query, it sees all of them with equal weights, as in the early GLMs' own code.
    /// </summary>
    /// <param name="batch">Its mask covers what its cache holds, too.</param>
    /// <param name="type">The type of the scores.</param>
    /// <returns>As <see cref="Causal"/>; of a mask of queries and keys numbers that are added to the scores.</returns>
    public static Tensor? CausalOrUniform(TokenBatch batch, ScalarType type) => batch.Mask?.dim() > 2
        ? Additive(Causal(batch), bias: null, type)
        : Causal(batch);

    /// <summary>A mask and a bias of the scores in one tensor, which is added to the scores. A query that sees nothing sees everything alike.</summary>
    /// <param name="seen">True = seen; null: everything.</param>
    /// <param name="bias">What is added where a key is seen, broadcast to (batch, heads, queries, keys); null: nothing.</param>
    /// <param name="type">The type of the scores.</param>
    /// <returns>Null where there is nothing to add.</returns>
    public static Tensor? Additive(Tensor? seen, Tensor? bias, ScalarType type)
    {
        if (seen is null)
        {
            return bias?.to(type);
        }
        Tensor added = bias?.to(type) ?? zeros(1, type, seen.device);
        return added.masked_fill(seen.logical_not(), Number(finfo(type).min));
    }

    private static Tensor Seen(Tensor mask) => mask.dtype == ScalarType.Bool ? mask : mask.ne(Number(0));

    private static Tensor Broadcast(Tensor seen) => seen.dim() switch
    {
        4 => seen,
        3 => seen.unsqueeze(1),
        _ => seen.unsqueeze(1).unsqueeze(1),
    };

    // before: (queries, keys); prefix: (batch), how many tokens in front all tokens see.
    private static Tensor Prefix(Tensor before, Tensor prefix)
    {
        Tensor keys = Indices(before.shape[1], before.device);
        return before.logical_or(keys.unsqueeze(0).lt(prefix.unsqueeze(1)).unsqueeze(1)).unsqueeze(1);
    }

    // before: (queries, keys); seen: (batch, keys). Padding on the left would see nothing, and softmax over nothing is no number, which spreads:
    // such a query sees itself.
    private static Tensor WithoutPadding(Tensor before, Tensor seen)
    {
        Tensor both = before.unsqueeze(0).logical_and(seen.unsqueeze(1));
        Tensor itself = before.logical_and(before.triu(before.shape[1] - before.shape[0]));
        return both.logical_or(both.any(2, keepdim: true).logical_not().logical_and(itself)).unsqueeze(1);
    }
}
