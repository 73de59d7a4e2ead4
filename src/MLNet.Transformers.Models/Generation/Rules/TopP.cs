using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves the smallest number of most likely tokens whose probabilities sum to a share (Holtzman et al. 2020, §3.1).</summary>
/// <param name="share">0 to 1.</param>
/// <param name="least">Tokens that stay in any case.</param>
internal sealed class TopP(double share, int least) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        (Tensor sorted, Tensor order) = scores.sort(1);
        Tensor below = sorted.softmax(1).cumsum(1).le(Number(1 - share));
        return TokenFilter.Forbid(scores, TokenFilter.SpareLast(below, least), order);
    }
}
