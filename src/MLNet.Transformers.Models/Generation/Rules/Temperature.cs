using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Divides scores: below 1 the likely tokens become likelier, above 1 all become more alike.</summary>
internal sealed class Temperature(double temperature) : ILogitsRule
{
    public Tensor Process(DecodedTokens tokens, Tensor scores) => scores / Number(temperature);
}
