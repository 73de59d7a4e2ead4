using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.LogitsProcessors;

/// <summary>Makes scores log-probabilities again, behind all other rules.</summary>
internal sealed class Renormalization : IScoreProcessor
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => scores.log_softmax(1);
}
