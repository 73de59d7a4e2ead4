using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Leaves tokens of at least a probability (Hewitt et al. 2022, §4.2).</summary>
/// <param name="probability">Above 0, below 1.</param>
/// <param name="least">Most likely tokens that stay in any case.</param>
internal sealed class EpsilonCutoff(double probability, int least) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => TokenFilter.ForbidUnlikely(scores, scores.softmax(1).lt(Number(probability)), least);
}
