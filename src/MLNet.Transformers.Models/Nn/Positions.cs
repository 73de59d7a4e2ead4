using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Where tokens stand in their sequences.</summary>
internal static class Positions
{
    /// <summary>Counted from the first token that is no padding, so that padding on the left changes nothing; padding itself is at 0 there.</summary>
    /// <returns>int64, (batch, tokens), or (1, tokens) where all rows are alike.</returns>
    public static Tensor OfTokens(TokenBatch batch)
    {
        Tensor columns = Indices(batch.Length, batch.Ids.device).unsqueeze(0);
        return batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length
            ? (columns - Padding(mask)).clamp_min(Number(0))
            : columns;
    }

    /// <summary>
    /// Counted from the row after padding's, as fairseq counts: by ids, but for what the mask hides on the left; padding has its own row.
    /// </summary>
    /// <param name="batch">Its ids, (batch, tokens), and its mask.</param>
    /// <param name="padding">The id of padding, and its row in the table.</param>
    /// <returns>int64, (batch, tokens).</returns>
    public static Tensor AfterPaddingRow(TokenBatch batch, int padding)
    {
        Tensor tokens = batch.Ids.ne(Number(padding));
        if (batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length)
        {
            tokens = tokens.logical_and(mask.ne(Number(0)).cumsum(1).gt(Number(0)));
        }
        Tensor counted = tokens.to(ScalarType.Int64);
        return (counted.cumsum(1) * counted).Plus(Number(padding));
    }

    /// <summary>Of each row, how many columns stand before the first token.</summary>
    /// <param name="mask">(batch, tokens), as <see cref="TokenBatch.Mask"/>.</param>
    /// <returns>int64, (batch, 1).</returns>
    public static Tensor Padding(Tensor mask) =>
        // argmax gives the first of equals.
        mask.ne(Number(0)).to(ScalarType.Int64).argmax(1, keepdim: true);

    /// <summary>Positions of each row's last token, (batch, 1) or (batch, 2, 1).</summary>
    public static Tensor Last(Tensor positions) => positions.narrow(-1, positions.shape[^1] - 1, 1);
}
