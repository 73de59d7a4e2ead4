using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>The vector that stands for a text where networks put a token for it in front.</summary>
internal static class FirstToken
{
    /// <summary>The vector of each row's first token that is no padding.</summary>
    /// <param name="states">(batch, tokens, hidden).</param>
    /// <param name="mask">Every form of <see cref="TokenBatch.Mask"/>.</param>
    /// <returns>(batch, hidden).</returns>
    public static Tensor Of(Tensor states, Tensor? mask) => mask is not null && mask.dim() == 2
        ? states.gather(1, Positions.Padding(mask).unsqueeze(2).expand(-1, -1, states.shape[2])).squeeze(1)
        : states.select(1, 0);
}
