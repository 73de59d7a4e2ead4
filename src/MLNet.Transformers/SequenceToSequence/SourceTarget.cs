using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>A source with the target that is to be written for it.</summary>
/// <param name="Tokens">The source.</param>
/// <param name="Target">Ids of the target, up to its end token.</param>
/// <param name="Text">The target's text, whole.</param>
internal readonly record struct SourceTarget(TokenSequence Tokens, int[] Target, string Text) : IFeature
{
    public int Length => Tokens.Ids.Length + Target.Length;

    public void AddTo(IncrementalHash hash)
    {
        Tokens.AddTo(hash);
        hash.AppendData(BitConverter.GetBytes(Target.Length));
        hash.AppendData(MemoryMarshal.AsBytes(Target.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Text.AsSpan()));
    }
}
