using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>One vector of a sequence, out of those of its tokens.</summary>
internal static class Pooling
{
    /// <summary>The vector of each row's first token that is no padding.</summary>
    /// <param name="tokens">(batch, tokens, hidden).</param>
    /// <param name="mask">As <see cref="TokenBatch.Mask"/>; where it does not say what is padding there is none.</param>
    /// <returns>(batch, hidden).</returns>
    public static Tensor First(Tensor tokens, Tensor? mask) =>
        mask is not null && mask.dim() == 2 && mask.shape[1] == tokens.shape[1] ? At(tokens, Positions.Padding(mask).squeeze(1)) : tokens.select(1, 0);

    /// <summary>The vector in one column of each row.</summary>
    /// <param name="tokens">(batch, tokens, hidden).</param>
    /// <param name="columns">int64, (batch).</param>
    /// <returns>(batch, hidden).</returns>
    public static Tensor At(Tensor tokens, Tensor columns) =>
        tokens.gather(1, columns.reshape(-1, 1, 1).expand(-1, -1, tokens.shape[2])).squeeze(1);
}
