using System.Security.Cryptography;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>A text in its pattern.</summary>
/// <param name="Tokens">The text.</param>
/// <param name="Class">Its class, from 0; null where it is to be predicted.</param>
/// <param name="Length">Tokens that it takes up in a batch: it is read once with each choice.</param>
internal readonly record struct ClozeText(TokenSequence Tokens, int? Class, int Length) : IFeature
{
    public void AddTo(IncrementalHash hash)
    {
        Tokens.AddTo(hash);
        hash.AppendData(BitConverter.GetBytes(Class ?? -1));
    }
}
