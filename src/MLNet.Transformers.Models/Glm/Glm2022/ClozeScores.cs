using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>Classification as cloze: the choice whose tokens a language model finds most probable (Du et al. 2022, §2.3; source: THUDM's modeling_glm.py, GLMForMultipleChoice).</summary>
internal static class ClozeScores
{
    /// <summary>Of each choice the sum of its tokens' log-probabilities.</summary>
    /// <param name="logits">Scores over the vocabulary, (batch, tokens, vocabulary).</param>
    /// <param name="choiceIds">The tokens of each choice, (batch, choices, tokens); rows have equally many choices.</param>
    /// <param name="choiceIndices">Where each of them is predicted, (batch, choices, tokens).</param>
    /// <returns>(batch, choices).</returns>
    public static Tensor Of(Tensor logits, int[][][] choiceIds, int[][][] choiceIndices) =>
        stack([.. choiceIds.Select((choices, row) => Row(logits[row], choices, choiceIndices[row]))]);

    // logits: (tokens, vocabulary)
    private static Tensor Row(Tensor logits, int[][] ids, int[][] indices)
    {
        Tensor probabilities = logits.to(ScalarType.Float32).log_softmax(-1);
        return stack([.. ids.Select((tokens, choice) => probabilities[Numbers(indices[choice]), Numbers(tokens)].sum())]);

        Tensor Numbers(int[] values) => tensor([.. values.Select(value => (long)value)], device: logits.device);
    }
}
