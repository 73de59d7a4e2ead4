using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.LogitsProcessors;

/// <summary>A processor of the caller's.</summary>
internal sealed class CustomProcessor(ILogitsProcessor processor) : IScoreProcessor
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => processor.Process(tokens.Ids, scores);
}
