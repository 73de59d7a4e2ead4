using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.Transformers.Batching;

/// <summary>A text with its labels: one, or one for each class or token; none where they are to be predicted.</summary>
internal readonly record struct LabelledSequence<TLabel>(TokenSequence Tokens, TLabel[] Labels) : IFeature
    where TLabel : unmanaged
{
    public void AddTo(IncrementalHash hash)
    {
        Tokens.AddTo(hash);
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
    }
}
