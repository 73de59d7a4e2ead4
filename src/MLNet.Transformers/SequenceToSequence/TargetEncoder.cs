using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static System.FormattableString;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>From targets to the ids that a network is to write, up to the end token. Several threads may use one.</summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="config">Of the network: which ids it knows, and what its decoder begins with.</param>
/// <param name="head">The head that writes: targets of an encoder-decoder have the special tokens of a text, those of a decoder the end token alone.</param>
/// <param name="endId">The end token.</param>
/// <param name="maxTokens">Most tokens; what is longer is cut before its end token.</param>
internal sealed class TargetEncoder(TextEncoder tokenizer, ModelConfig config, HeadSpec head, int endId, int maxTokens)
{
    private readonly EncodeOptions _options = head.Kind == HeadKind.SequenceToSequence
        ? new() { MaxTokens = maxTokens }
        : new() { MaxTokens = maxTokens - 1, AddSpecialTokens = false };
    private readonly EmbeddedTokens _embedded = new(tokenizer, config);
    private long _rows;
    private long _cut;

    /// <summary>How many targets were too long, as a line for the log; null where none was.</summary>
    public string? Report => _cut == 0 ? null : Invariant($"{_cut:N0} of {_rows:N0} targets were longer than {maxTokens} tokens and were cut.");

    /// <exception cref="ArgumentException">The target has a token that the network has no row for.</exception>
    public int[] Encode(string target)
    {
        TokenEncoding encoding = tokenizer.Encode(target, null, _options);
        Interlocked.Increment(ref _rows);
        if (encoding.DroppedTokens > 0)
        {
            Interlocked.Increment(ref _cut);
        }
        _embedded.Check(encoding.Ids);
        return Ended(WithoutStart(encoding.Ids));
    }

    // A decoder begins with its start token, which need not be written once more.
    private int[] WithoutStart(int[] ids) => ids is [var first, ..] && first == config.DecoderStartId && first != endId ? ids[1..] : ids;

    private int[] Ended(int[] ids) => ids is [.., var last] && last == endId ? ids : [.. ids.Take(maxTokens - 1), endId];
}
