using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Makes tokens of the source (of a decoder alone: of the prompt) more likely: the repetition penalty turned round.</summary>
/// <param name="penalty">Above 0; above 1 encourages tokens of the source.</param>
internal sealed class EncoderRepetitionPenalty(double penalty) : ILogitsRule
{
    private readonly PromptIds _prompt = new();

    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        (Tensor ids, Tensor? seen) = _prompt.Of(tokens);
        return RepetitionPenalty.Apply(scores, seen is null ? ids : ids.where(seen, FirstSeen(ids, seen)), 1 / penalty);
    }

    // Padding does not count: it is read as the first token of its row, which counts anyhow.
    private static Tensor FirstSeen(Tensor ids, Tensor seen) => ids.gather(1, seen.to(ScalarType.Int64).argmax(1, keepdim: true));
}
