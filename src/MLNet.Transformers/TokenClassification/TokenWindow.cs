using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.TokenClassification;

/// <summary>What the network reads of a text at once: all of it, or a window.</summary>
/// <param name="Tokens">The tokens, special ones included.</param>
/// <param name="Labels">The tag of each token that one is learnt for: the first of a word, in the window that speaks for it. Empty where tags are to be predicted.</param>
/// <param name="Row">The text, and the tags that its words have.</param>
/// <param name="Spoken">Those of <paramref name="Tokens"/> whose scores count, as they have more context here than in the window before or behind.</param>
internal sealed record TokenWindow(TokenSequence Tokens, int[] Labels, TaggedText Row, Range Spoken) : IFeature
{
    public void AddTo(IncrementalHash hash)
    {
        Tokens.AddTo(hash);
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
    }
}

/// <summary>A text with what is known of its words.</summary>
/// <param name="Alignment">Its words and tokens.</param>
/// <param name="Tags">Number of each word's tag, or <see cref="Models.Losses.LossTerm.Ignored"/> where it has none; null where tags are to be predicted.</param>
internal sealed record TaggedText(TokenAlignment Alignment, int[]? Tags);
