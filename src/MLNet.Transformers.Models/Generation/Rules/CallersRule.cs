using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>A processor of the caller's.</summary>
internal sealed class CallersRule(ILogitsProcessor processor) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => processor.Process(tokens.Ids, scores);
}
