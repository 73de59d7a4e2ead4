using System.Security.Cryptography;

namespace MLNet.Transformers.Batching;

/// <summary>Tells one set of features from another.</summary>
internal static class FeatureHash
{
    public static string Of<TFeature>(IEnumerable<TFeature> features)
        where TFeature : IFeature
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TFeature feature in features)
        {
            feature.AddTo(hash);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
