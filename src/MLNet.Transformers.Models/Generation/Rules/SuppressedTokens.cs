using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Forbids tokens.</summary>
internal sealed class SuppressedTokens(IReadOnlyList<int> ids) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) =>
        scores.index_fill(1, tensor([.. ids.Select(id => (long)id)], device: scores.device), Number(float.NegativeInfinity));
}
