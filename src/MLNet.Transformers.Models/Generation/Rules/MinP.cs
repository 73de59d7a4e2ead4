using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves tokens that have at least a share of the likeliest token's probability (Nguyen et al. 2024).</summary>
/// <param name="share">0 to 1.</param>
/// <param name="least">Tokens that stay in any case.</param>
internal sealed class MinP(double share, int least) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        Tensor probabilities = scores.softmax(1);
        Tensor unlikely = probabilities.lt(probabilities.amax([1], keepdim: true) * Number(share));
        (_, Tensor best) = probabilities.topk((int)Math.Min(least, scores.shape[1]), 1);
        return scores.masked_fill(unlikely.scatter(1, best, zeros_like(best, ScalarType.Bool)), Number(double.NegativeInfinity));
    }
}
