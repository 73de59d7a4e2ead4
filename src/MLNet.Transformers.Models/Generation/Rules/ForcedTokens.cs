using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Allows some tokens only, when rows have a certain length: a first token that the reference calls <c>forced_bos_token_id</c>, or a last one.</summary>
/// <param name="ids">The tokens that are allowed then; their score becomes 0.</param>
/// <param name="length">Tokens of a row before the forced one, prompt and padding included.</param>
internal sealed class ForcedTokens(IReadOnlyList<int> ids, long length) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => tokens.Length != length
        ? scores
        : full_like(scores, Number(double.NegativeInfinity)).index_fill(1, tensor([.. ids.Select(id => (long)id)], device: scores.device), Number(0f));
}
