using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Makes scores log-probabilities again, behind all other rules.</summary>
internal sealed class Renormalization : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => scores.log_softmax(1);
}
