using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>One text in both halves of an encoder-decoder, as classification and span heads read it (Lewis et al. 2020, §3.1).</summary>
internal static class SameText
{
    /// <summary>
    /// What the decoder reads: the source moved one to the right behind a start token, which stands where the text begins. Padding in front stays
    /// unseen; padding behind is seen by padding alone, as decoders look back only.
    /// </summary>
    public static TokenBatch Target(TokenBatch source, int start)
    {
        Tensor ids = source.Ids;
        Tensor shifted = cat([full([source.Size, 1], start, ids.dtype, ids.device), ids.narrow(1, 0, source.Length - 1)], 1);
        if (PaddingMask(source) is not { } seen)
        {
            return new TokenBatch(shifted, Positions: source.Positions);
        }
        Tensor begun = seen.cumsum(1);
        Tensor beginning = begun.cumsum(1).le(1);
        return new TokenBatch(shifted.masked_fill(beginning, start), Mask: begun.gt(0), Positions: source.Positions);
    }

    /// <summary>The decoder's vector at the last end token of each row, or, where a row was cut and has none, at its last token.</summary>
    /// <param name="source">The text.</param>
    /// <param name="states">The decoder's vectors, (batch, tokens, hidden).</param>
    /// <param name="end">The id that ends a text.</param>
    /// <returns>(batch, hidden).</returns>
    public static Tensor AtEnd(TokenBatch source, Tensor states, int end)
    {
        // 0 in padding, 1 at a token, 1 + the row's length at an end: the last of the largest is the place.
        Tensor columns = arange(source.Length, ScalarType.Int64, source.Ids.device);
        Tensor tokens = PaddingMask(source) ?? ones_like(source.Ids);
        Tensor ends = source.Ids.eq(end).to(ScalarType.Int64);
        Tensor rank = tokens * (1 + columns + (ends * source.Length));
        Tensor places = rank.argmax(1).reshape(-1, 1, 1).expand(-1, 1, states.shape[2]);
        return states.gather(1, places).squeeze(1);
    }

    // int64, (batch, tokens); null where no token is padding or the mask says more than that.
    private static Tensor? PaddingMask(TokenBatch source) => source.Mask is { } mask && mask.dim() == 2 ? mask.ne(0).to(ScalarType.Int64) : null;
}
