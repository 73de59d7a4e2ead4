using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Forbids end tokens as long as a text is short.</summary>
/// <param name="length">Tokens that a row has at least before its end token, prompt and padding included.</param>
/// <param name="endIds">End tokens.</param>
internal sealed class MinimumLength(long length, IReadOnlyList<int> endIds) : ILogitsRule
{
    private readonly SuppressedTokens _ends = new(endIds);

    public Tensor Process(DecodedTokens tokens, Tensor scores) => tokens.Length < length ? _ends.Process(tokens, scores) : scores;
}
