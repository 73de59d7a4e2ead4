using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Pretraining;

/// <summary>A stretch of plain text that becomes one sequence: what an objective draws its noise on, anew each time it is seen.</summary>
/// <param name="Ids">Its tokens, without special tokens but for those that <see cref="BlockShape"/> puts around the documents of a packed block.</param>
/// <param name="SentenceEnds">Of each sentence the index behind its last token, ascending; the last is the number of tokens: a sentence that goes on in the next block ends here, too.</param>
/// <param name="DocumentEnds">Likewise of each document; one where blocks are not packed.</param>
internal sealed record TextBlock(int[] Ids, int[] SentenceEnds, int[] DocumentEnds) : IFeature
{
    /// <summary>The number of the document that it begins with.</summary>
    public int Document { get; init; }

    /// <summary>Draws a block of another document; null where there is none, or where <see cref="BlockShape.NeedsOthers"/> does not ask for it.</summary>
    public Func<Random, TextBlock?> Another { get; init; } = static _ => null;

    public TokenSequence Tokens => new(Ids);

    public int Length => Ids.Length;

    /// <summary>A block of one document.</summary>
    public static TextBlock Of(int[] ids, params int[] sentenceEnds) => new(ids, sentenceEnds is [] ? [ids.Length] : sentenceEnds, [ids.Length]);

    public void AddTo(IncrementalHash hash)
    {
        foreach (int[] part in (int[][])[Ids, SentenceEnds, DocumentEnds])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }
    }
}
