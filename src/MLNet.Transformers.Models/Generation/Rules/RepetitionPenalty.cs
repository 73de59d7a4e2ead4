using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Makes tokens that were there before less likely: scores above 0 are divided by the penalty, those below are multiplied by it (Keskar et al. 2019, §4.1).</summary>
/// <param name="penalty">Above 0; above 1 discourages, below 1 encourages.</param>
internal sealed class RepetitionPenalty(double penalty) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        // Padding does not count: it is read as the last token of its row, which counts anyhow.
        Tensor ids = tokens.Seen is { } seen ? tokens.Ids.where(seen, tokens.Ids.narrow(1, tokens.Length - 1, 1)) : tokens.Ids;
        return Apply(scores, ids, penalty);
    }

    /// <summary>The scores with a penalty on some tokens, each once.</summary>
    /// <param name="scores">(rows, vocabulary).</param>
    /// <param name="ids">(rows, any).</param>
    /// <param name="penalty">Above 0.</param>
    public static Tensor Apply(Tensor scores, Tensor ids, double penalty)
    {
        Tensor old = scores.gather(1, ids);
        return scores.scatter(1, ids, (old * Number(penalty)).where(old.lt(Number(0)), old / Number(penalty)));
    }
}
