namespace MLNet.Transformers.Models.Nn;

/// <summary>Sizes of a self-attention whose key heads may be fewer than its query heads (Ainslie et al. 2023).</summary>
/// <param name="Hidden">Width of the hidden states.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads, a divisor of the query heads.</param>
/// <param name="HeadWidth">Width of a head.</param>
internal readonly record struct AttentionShape(int Hidden, int Heads, int KeyHeads, int HeadWidth)
{
    /// <summary>Width of all query heads together.</summary>
    public long QueryWidth => (long)Heads * HeadWidth;

    /// <summary>Width of all key heads together.</summary>
    public long KeyWidth => (long)KeyHeads * HeadWidth;
}
