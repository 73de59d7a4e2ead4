using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves the most likely tokens; those that are as likely as the last of them stay too (Fan et al. 2018).</summary>
/// <param name="count">How many tokens stay.</param>
internal sealed class TopK(int count) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        int kept = (int)Math.Min(count, scores.shape[1]);
        (Tensor best, _) = scores.topk(kept, 1);
        return scores.masked_fill(scores.lt(best.narrow(1, kept - 1, 1)), Number(double.NegativeInfinity));
    }
}
