using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>The vector of each sequence's last token: in a decoder it alone has seen all others.</summary>
internal static class LastToken
{
    /// <summary>The last token that the mask shows and, where a padding id is given, that is not that id; padding may stand on either side.</summary>
    /// <param name="tokens">(batch, tokens, hidden).</param>
    /// <param name="batch">What the tokens were read from.</param>
    /// <param name="padding">The id of padding, or null.</param>
    /// <returns>(batch, hidden); the first token's vector where all are padding.</returns>
    public static Tensor Of(Tensor tokens, TokenBatch batch, int? padding)
    {
        Tensor? counts = Seen(batch);
        if (padding is { } id)
        {
            Tensor other = batch.Ids.ne(Number(id));
            counts = counts?.logical_and(other) ?? other;
        }
        if (counts is null)
        {
            return tokens.select(1, tokens.shape[1] - 1);
        }
        Tensor columns = Indices(batch.Length, batch.Ids.device);
        return Pooling.At(tokens, (columns * counts).argmax(1));
    }

    // (batch, tokens): of a mask of queries and keys, the keys that any query sees.
    private static Tensor? Seen(TokenBatch batch) => batch.Mask is { } mask && mask.dim() > 1 && mask.shape[^1] == batch.Length
        ? mask.dim() switch
        {
            2 => mask.ne(Number(0)),
            3 => mask.ne(Number(0)).any(1),
            _ => mask.ne(Number(0)).any(2).any(1),
        }
        : null;
}
