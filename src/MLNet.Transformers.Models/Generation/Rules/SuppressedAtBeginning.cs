using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Forbids tokens as the first that is chosen.</summary>
/// <param name="ids">Forbidden tokens.</param>
/// <param name="length">The length of the rows at which they are.</param>
internal sealed class SuppressedAtBeginning(IReadOnlyList<int> ids, long length) : ILogitsRule
{
    private readonly SuppressedTokens _forbidden = new(ids);

    public Tensor Process(DecodedTokens tokens, Tensor scores) => tokens.Length == length ? _forbidden.Process(tokens, scores) : scores;
}
