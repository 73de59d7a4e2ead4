using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation.Rules;

/// <summary>What rules about the input look at: the source of an encoder-decoder, else the prompt, which is what was there at the first step.</summary>
internal sealed class PromptIds
{
    private long _length;

    /// <summary>Ids, (rows, tokens), and which of them are no padding; null: all.</summary>
    public (Tensor Ids, Tensor? Seen) Of(DecodedTokens tokens)
    {
        if (tokens.SourceIds is { } source)
        {
            return (source, tokens.SourceSeen);
        }
        _length = _length == 0 ? tokens.Length : _length;
        return (tokens.Ids.narrow(1, 0, _length), tokens.Seen?.narrow(1, 0, _length));
    }
}
