using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.LogitsProcessors;

/// <summary>What warpers that look at sorted tokens share.</summary>
internal static class Kept
{
    /// <summary>Marks of which the last ones are taken off, so that at least that many tokens stay.</summary>
    public static Tensor ButLast(Tensor marks, int least) =>
        marks.logical_and(arange(marks.shape[1], device: marks.device).lt(marks.shape[1] - least));

    /// <summary>Marks of which the first ones are taken off.</summary>
    public static Tensor ButFirst(Tensor marks, int least) => marks.logical_and(arange(marks.shape[1], device: marks.device).ge(least));

    /// <summary>Scores without the marked ones.</summary>
    /// <param name="scores">(rows, vocabulary).</param>
    /// <param name="marks">bool, (rows, vocabulary), in sorted order.</param>
    /// <param name="order">The token of each sorted place, (rows, vocabulary).</param>
    public static Tensor Without(Tensor scores, Tensor marks, Tensor order) =>
        scores.masked_fill(marks.scatter(1, order, marks), double.NegativeInfinity);

    /// <summary>Scores without the marked ones, of which the most likely ones stay (as likely ones too).</summary>
    public static Tensor WithoutUnlikely(Tensor scores, Tensor marks, int least)
    {
        int kept = (int)Math.Min(least, scores.shape[1]);
        (Tensor best, _) = scores.topk(kept, 1);
        return scores.masked_fill(marks.logical_and(scores.lt(best.narrow(1, kept - 1, 1))), double.NegativeInfinity);
    }
}
