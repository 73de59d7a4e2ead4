using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Masks for attention: true = seen.</summary>
internal static class AttentionMask
{
    /// <summary>A padding mask (batch, tokens), or one that is given for each query, (batch, queries, keys) or (batch, 1 or heads, queries, keys), as attention takes it.</summary>
    /// <returns>(batch, 1 or heads, 1 or queries, keys), bool; null where every token sees every token.</returns>
    public static Tensor? FromPadding(Tensor? mask)
    {
        if (mask is null)
        {
            return null;
        }
        Tensor seen = mask.dtype == ScalarType.Bool ? mask : mask.ne(0);
        return seen.dim() switch
        {
            4 => seen,
            3 => seen.unsqueeze(1),
            _ => seen.unsqueeze(1).unsqueeze(1),
        };
    }
}
