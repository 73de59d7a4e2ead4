using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Forbids tokens that would write a run of tokens for the second time (Paulus et al. 2018, §2.5).</summary>
/// <param name="size">Length of the runs, at least 1.</param>
internal sealed class NoRepeatNgram(int size) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) =>
        tokens.Length < size ? scores : Forbid(scores, tokens.Ids, tokens.Ids, tokens.Seen, size);

    /// <summary>Forbids what would complete, behind a text, a run that another text holds.</summary>
    /// <param name="scores">(rows, vocabulary).</param>
    /// <param name="text">(rows, tokens), at least one token less than a run.</param>
    /// <param name="other">(rows, tokens), at least a run.</param>
    /// <param name="seen">(rows, tokens) of the other text; runs with padding do not count.</param>
    /// <param name="size">Tokens of a run.</param>
    public static Tensor Forbid(Tensor scores, Tensor text, Tensor other, Tensor? seen, int size)
    {
        Tensor runs = other.unfold(1, size, 1); // (rows, runs, size)
        Tensor beginning = text.narrow(1, text.shape[1] - (size - 1), size - 1).unsqueeze(1);
        Tensor matches = runs.narrow(2, 0, size - 1).eq(beginning).all(2);
        if (seen is not null)
        {
            matches = matches.logical_and(seen.unfold(1, size, 1).all(2));
        }
        // A run that does not match is written to a column behind the vocabulary, where it forbids nothing.
        long vocabulary = scores.shape[1];
        Tensor ends = runs.select(2, size - 1).masked_fill(matches.logical_not(), Number(vocabulary));
        Tensor forbidden = zeros(scores.shape[0], vocabulary + 1, ScalarType.Bool, scores.device).scatter(1, ends, ones_like(ends, ScalarType.Bool));
        return scores.masked_fill(forbidden.narrow(1, 0, vocabulary), Number(double.NegativeInfinity));
    }
}
