using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves the tokens whose information is nearest to the expected one, until their probabilities sum to a share (Meister et al. 2023).</summary>
/// <param name="share">Above 0, below 1.</param>
/// <param name="least">Tokens that stay in any case.</param>
internal sealed class TypicalP(double share, int least) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        Tensor information = -scores.log_softmax(1);
        Tensor terms = information * (-information).exp();
        Tensor entropy = terms.nan_to_num(0, 0, 0).sum(1, keepdim: true); // a forbidden token adds nothing
        (Tensor distances, Tensor order) = (information - entropy).abs().sort(1);
        Tensor sums = scores.gather(1, order).softmax(1).cumsum(1);
        Tensor last = sums.lt(Number(share)).to(ScalarType.Int64).sum(1, keepdim: true).clamp_max(Number(scores.shape[1] - 1));
        Tensor far = distances.gt(distances.gather(1, last));
        return TokenFilter.Forbid(scores, TokenFilter.SpareFirst(far, least), order);
    }
}
