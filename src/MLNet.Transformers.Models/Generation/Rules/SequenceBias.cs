using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Adds a number to the score of the token that would complete a sequence; a number of minus infinity forbids it.</summary>
/// <param name="biases">Sequences of at least one token, each with its number.</param>
internal sealed class SequenceBias(IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)> biases) : ILogitsRule
{
    /// <summary>Sequences that must not be written. An end token alone cannot be forbidden so.</summary>
    public static SequenceBias Forbidding(IReadOnlyList<IReadOnlyList<int>> words, IReadOnlyList<int> endIds) =>
        new([.. words.Where(word => !(word.Count == 1 && endIds.Contains(word[0]))).Select(word => (word, double.NegativeInfinity))]);

    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        Tensor bias = zeros_like(scores);
        foreach ((IReadOnlyList<int> ids, double number) in biases)
        {
            if (ids.Count > tokens.Length && ids.Count > 1)
            {
                continue;
            }
            using Tensor column = bias.select(1, ids[^1]);
            column.add_(Completed(tokens, ids).to(ScalarType.Float32).masked_fill(Completed(tokens, ids), Number(number)), Number(1));
        }
        return scores.Plus(bias);
    }

    // (rows): whether the row ends with all but the last token.
    private static Tensor Completed(DecodedTokens tokens, IReadOnlyList<int> ids)
    {
        int before = ids.Count - 1;
        Tensor beginning = tensor([.. ids.Take(before).Select(id => (long)id)], [before], device: tokens.Ids.device);
        Tensor matches = tokens.Ids.narrow(1, tokens.Length - before, before).eq(beginning).all(1);
        return tokens.Seen is { } seen ? matches.logical_and(seen.narrow(1, tokens.Length - before, before).all(1)) : matches;
    }
}
