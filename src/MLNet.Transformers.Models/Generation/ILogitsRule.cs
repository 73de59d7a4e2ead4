using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>One rule that changes the scores of the next token (reference: generation/logits_process.py).</summary>
internal interface ILogitsRule
{
    /// <summary>The scores to go on with; those that came in stay as they are.</summary>
    /// <param name="tokens">What was read and written so far.</param>
    /// <param name="scores">float32, (rows, vocabulary).</param>
    Tensor Process(DecodedTokens tokens, Tensor scores);
}
