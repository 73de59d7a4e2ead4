using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Where tokens stand in their sequences.</summary>
internal static class Positions
{
    /// <summary>Counted from the first token that is no padding, so that padding on the left changes nothing; padding itself is at 0 there.</summary>
    /// <returns>int64, (batch, tokens), or (1, tokens) where all rows are alike.</returns>
    public static Tensor OfTokens(TokenBatch batch)
    {
        Tensor columns = arange(batch.Length, ScalarType.Int64, batch.Ids.device).unsqueeze(0);
        return batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length
            ? (columns - Padding(mask)).clamp_min(0)
            : columns;
    }

    /// <summary>Counted from the row behind padding's, as fairseq counts: by ids alone, padding itself has its own row.</summary>
    /// <param name="ids">(batch, tokens).</param>
    /// <param name="padding">The id of padding, and its row in the table.</param>
    /// <returns>int64, (batch, tokens).</returns>
    public static Tensor Behind(Tensor ids, int padding)
    {
        Tensor tokens = ids.ne(padding).to(ScalarType.Int64);
        return (tokens.cumsum(1) * tokens) + padding;
    }

    // Of each row, how many columns stand before the first token; argmax gives the first of equals.
    internal static Tensor Padding(Tensor mask) => mask.ne(0).to(ScalarType.Int64).argmax(1, keepdim: true);

    /// <summary>Positions of each row's last token, (batch, 1) or (batch, 2, 1).</summary>
    public static Tensor Last(Tensor positions) => positions.narrow(-1, positions.shape[^1] - 1, 1);
}
