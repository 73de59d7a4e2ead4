using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>What the rules share that forbid unlikely tokens.</summary>
internal static class TokenFilter
{
    /// <summary>Marks without those in the last columns, so that at least so many tokens stay.</summary>
    public static Tensor SpareLast(Tensor marks, int least) =>
        marks.logical_and(Indices(marks.shape[1], marks.device).lt(Number(marks.shape[1] - least)));

    /// <summary>Marks without those in the first columns.</summary>
    public static Tensor SpareFirst(Tensor marks, int least) => marks.logical_and(Indices(marks.shape[1], marks.device).ge(Number(least)));

    /// <summary>Gives marked tokens the score minus infinity.</summary>
    /// <param name="scores">(rows, vocabulary).</param>
    /// <param name="marks">bool, (rows, vocabulary), in sorted order.</param>
    /// <param name="order">The token of each sorted place, (rows, vocabulary).</param>
    public static Tensor Forbid(Tensor scores, Tensor marks, Tensor order) =>
        scores.masked_fill(marks.scatter(1, order, marks), Number(double.NegativeInfinity));

    /// <summary>Gives marked tokens the score minus infinity, but for the most likely ones and those that are as likely.</summary>
    /// <param name="scores">(rows, vocabulary).</param>
    /// <param name="marks">bool, (rows, vocabulary), a column a token.</param>
    /// <param name="least">How many of the most likely tokens stay in any case.</param>
    public static Tensor ForbidUnlikely(Tensor scores, Tensor marks, int least)
    {
        int kept = (int)Math.Min(least, scores.shape[1]);
        (Tensor best, _) = scores.topk(kept, 1);
        return scores.masked_fill(marks.logical_and(scores.lt(best.narrow(1, kept - 1, 1))), Number(double.NegativeInfinity));
    }
}
