using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>How the next token of a row is chosen, where a row follows one text.</summary>
internal interface ITokenChoice
{
    /// <param name="scores">float32, (rows, vocabulary).</param>
    /// <param name="sequences">Which sequence each row is: rows that have ended are left out.</param>
    /// <returns>int64, (rows).</returns>
    Tensor Choose(Tensor scores, IReadOnlyList<int> sequences);
}
