using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>What has been read and written so far, as processors of scores see it.</summary>
/// <param name="Ids">int64, (rows, tokens): prompt and new tokens; of an encoder-decoder the decoder's.</param>
/// <param name="Seen">bool, (rows, tokens): false = padding; null: there is none.</param>
/// <param name="SourceIds">Of an encoder-decoder the source's ids, (rows, source tokens); else null.</param>
/// <param name="SourceSeen">bool, (rows, source tokens): false = padding; null: there is none.</param>
internal sealed record DecodedTokens(Tensor Ids, Tensor? Seen, Tensor? SourceIds, Tensor? SourceSeen)
{
    public long Length => Ids.shape[1];
}
