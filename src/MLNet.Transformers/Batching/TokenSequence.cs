using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.Transformers.Batching;

/// <summary>What a network reads of a text or a pair of texts.</summary>
/// <param name="Ids">Token ids, special tokens included.</param>
/// <param name="SegmentIds">0 for the first text and 1 for the second, as long as the ids; null: all 0.</param>
internal readonly record struct TokenSequence(int[] Ids, int[]? SegmentIds = null) : IFeature
{
    // Not a member of the record itself, whose text would hold itself.
    TokenSequence IFeature.Tokens => this;

    public void AddTo(IncrementalHash hash)
    {
        hash.AppendData(BitConverter.GetBytes(Ids.Length));
        hash.AppendData(MemoryMarshal.AsBytes(Ids.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(SegmentIds.AsSpan()));
    }
}
