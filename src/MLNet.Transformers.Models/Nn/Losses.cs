using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Losses of the reference's heads, in float32 whatever the network computes in.</summary>
internal static class Losses
{
    /// <summary>Marks a token whose label does not count.</summary>
    public const long Ignored = -100;

    /// <summary>Cross entropy over the last dimension; targets of <see cref="Ignored"/> do not count.</summary>
    /// <param name="logits">(..., classes).</param>
    /// <param name="targets">Class numbers, int64, (...).</param>
    /// <param name="classWeights">Weight of each class, (classes), or null.</param>
    /// <param name="smoothing">Share of the target's probability that is spread over all classes, 0 to 1.</param>
    /// <param name="reduction">Mean (over the targets' weights) or sum.</param>
    public static Tensor CrossEntropy(
        Tensor logits, Tensor targets, Tensor? classWeights = null, double smoothing = 0, nn.Reduction reduction = nn.Reduction.Mean) =>
        nn.functional.cross_entropy(
            logits.to(ScalarType.Float32).reshape(-1, logits.shape[^1]), targets.reshape(-1), classWeights, Ignored, reduction, smoothing);

    /// <summary>Cross entropy of a language model.</summary>
    /// <param name="logits">(batch, tokens, vocabulary).</param>
    /// <param name="labels">Token ids, int64, (batch, tokens); <see cref="Ignored"/> does not count.</param>
    /// <param name="shift">How far a label stands behind the scores that it is compared with (<see cref="HeadSpec.LabelShift"/>).</param>
    public static Tensor LanguageModel(Tensor logits, Tensor labels, int shift) => CrossEntropy(
        logits.narrow(1, 0, logits.shape[1] - shift), labels.narrow(1, shift, labels.shape[1] - shift));

    /// <summary>Mean squared error of one output per sequence, (batch, 1) against (batch) or of several, (batch, outputs).</summary>
    public static Tensor MeanSquaredError(Tensor logits, Tensor targets) =>
        nn.functional.mse_loss(logits.to(ScalarType.Float32).reshape(targets.shape), targets.to(ScalarType.Float32));

    /// <summary>Independent yes/no decisions: (batch, labels) against 0 and 1.</summary>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets) =>
        nn.functional.binary_cross_entropy_with_logits(logits.to(ScalarType.Float32), targets.to(ScalarType.Float32));

    /// <summary>Mean of the cross entropies of start and end over the tokens. A position behind the sequence does not count, one before it is the first token.</summary>
    /// <param name="logits">(batch, tokens, 2).</param>
    /// <param name="starts">Token numbers, int64, (batch).</param>
    /// <param name="ends">Token numbers, int64, (batch).</param>
    public static Tensor Span(Tensor logits, Tensor starts, Tensor ends)
    {
        Tensor[] sides = logits.unbind(2);
        return (Side(sides[0], starts) + Side(sides[1], ends)) / 2;

        static Tensor Side(Tensor scores, Tensor positions)
        {
            Tensor beyond = positions.ge(scores.shape[1]);
            return CrossEntropy(scores, positions.clamp_min(0).masked_fill(beyond, Ignored));
        }
    }
}
