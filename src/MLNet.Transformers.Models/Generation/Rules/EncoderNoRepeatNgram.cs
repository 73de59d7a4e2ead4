using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>Forbids tokens that would complete a run of tokens that stands in the source (of a decoder alone: in the prompt).</summary>
/// <param name="size">Length of the runs, at least 1.</param>
internal sealed class EncoderNoRepeatNgram(int size) : ILogitsRule
{
    private readonly PromptIds _prompt = new();

    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        (Tensor ids, Tensor? seen) = _prompt.Of(tokens);
        return tokens.Length < size - 1 || ids.shape[1] < size ? scores : NoRepeatNgram.Forbid(scores, tokens.Ids, ids, seen, size);
    }
}
