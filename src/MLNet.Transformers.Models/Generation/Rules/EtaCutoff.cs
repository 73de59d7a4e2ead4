using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves tokens of at least a probability that falls where the entropy is high (Hewitt et al. 2022, §4.3).</summary>
/// <param name="epsilon">Above 0, below 1.</param>
/// <param name="least">Most likely tokens that stay in any case.</param>
internal sealed class EtaCutoff(double epsilon, int least) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        Tensor information = -scores.log_softmax(1);
        Tensor entropy = (information * (-information).exp()).nan_to_num(0, 0, 0).sum(1, keepdim: true);
        Tensor eta = ((-entropy).exp() * Number(Math.Sqrt(epsilon))).clamp_max(Number(epsilon));
        return TokenFilter.ForbidUnlikely(scores, scores.softmax(1).lt(eta), least);
    }
}
