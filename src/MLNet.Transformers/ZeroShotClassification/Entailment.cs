using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceClassification;

namespace MLNet.Transformers.ZeroShotClassification;

/// <summary>Labels of a text by how surely it entails a sentence about each (Yin et al. 2019; reference: pipelines/zero_shot_classification.py).</summary>
/// <param name="Entails">The class of the head that says that the second text follows from the first.</param>
/// <param name="Contradicts">The class that says that it cannot be true beside it.</param>
internal sealed record Entailment(int Entails, int Contradicts)
{
    /// <summary>The classes of a head, by their names.</summary>
    /// <param name="config">The network's config.</param>
    /// <param name="name">What to call the network in a message.</param>
    /// <exception cref="NotSupportedException">The head has no class for entailment, or is no classifier of one class of several.</exception>
    public static Entailment Of(ModelConfig config, string name)
    {
        IReadOnlyList<string> labels = config.Labels;
        int entails = Find("entail");
        if (ProblemTypes.Of(config) != ProblemTypes.SingleLabel || entails < 0)
        {
            throw new NotSupportedException(
                $"Zero-shot classification needs a head for entailment, with a class whose name begins with 'entail' in 'id2label'; "
                + $"that of {name} is for {ProblemTypes.Of(config)} and has {string.Join(", ", labels.Take(8).Select(label => $"'{label}'"))}.");
        }
        // Where no name tells, the reference's rule: the first class, or the last where entailment is the first.
        int contradicts = Find("contradict") is >= 0 and var named ? named : entails == 0 ? labels.Count - 1 : 0;
        return new Entailment(entails, contradicts);

        int Find(string beginning) => labels.ToList().FindIndex(label => label.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>How the labels' probabilities are read of a text, whose features are its pairs with each label's sentence.</summary>
    /// <param name="multiLabel">Whether each label stands for itself; a single one always does.</param>
    public ScoreReading<TokenSequence, float[], float[]> Reading(bool multiLabel) => new(
        static (output, _) => SequenceAnswer.Rows(output.Logits),
        (_, pairs) => multiLabel || pairs.Count == 1
            ? [.. pairs.Select(logits => SequenceProblem.Softmax([logits[Contradicts], logits[Entails]])[1])]
            : SequenceProblem.Softmax([.. pairs.Select(logits => logits[Entails])]));
}
