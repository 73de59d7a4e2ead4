using TorchSharp;
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
        Tensor? counts = batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length ? mask.ne(0) : null;
        if (padding is { } id)
        {
            Tensor other = batch.Ids.ne(id);
            counts = counts?.logical_and(other) ?? other;
        }
        if (counts is null)
        {
            return tokens.select(1, tokens.shape[1] - 1);
        }
        Tensor columns = arange(batch.Length, ScalarType.Int64, batch.Ids.device);
        Tensor last = (columns * counts).argmax(1);
        Tensor index = last.reshape(-1, 1, 1).expand(-1, 1, tokens.shape[2]);
        return tokens.gather(1, index).squeeze(1);
    }
}
