using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Makes end tokens more likely from a length on, exponentially.</summary>
/// <param name="start">New tokens after which it begins, counted from the prompt's length.</param>
/// <param name="factor">Growth with each token.</param>
/// <param name="endIds">End tokens.</param>
internal sealed class DecayingLength(long start, double factor, IReadOnlyList<int> endIds) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        if (tokens.Length <= start)
        {
            return scores;
        }
        Tensor ends = tensor([.. endIds.Select(id => (long)id)], device: scores.device);
        Tensor more = scores.index_select(1, ends).abs() * Number(Math.Pow(factor, tokens.Length - start) - 1);
        return scores.index_add(1, ends, more, Number(1));
    }
}
