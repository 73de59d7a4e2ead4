using static TorchSharp.torch;

namespace MLNet.Transformers;

/// <summary>
/// Changes the scores of the next token before one is chosen; the seam for what <see cref="GenerationOptions"/> has no property for. Runs at each step,
/// behind the processors that options ask for and before temperature, top-k and their like.
/// </summary>
public interface ILogitsProcessor
{
    /// <summary>The scores to go on with.</summary>
    /// <param name="ids">Token ids so far, int64, (rows, tokens), the prompt and its padding on the left included. Not to be changed.</param>
    /// <param name="scores">
    /// float32, (rows, vocabulary): the network's scores, or in beam search log-probabilities. Not to be changed. Rows may be fewer than prompts:
    /// finished ones are left out, and beams of a prompt are one row at the first step.
    /// </param>
    /// <returns>float32, (rows, vocabulary). Tensors that are made here are freed by the step.</returns>
    Tensor Process(Tensor ids, Tensor scores);
}
