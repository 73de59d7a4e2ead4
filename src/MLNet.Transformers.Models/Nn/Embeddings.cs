using TorchSharp;
using TorchSharp.Modules;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Tables of vectors, made without the random content that TorchSharp's constructor fills them with.</summary>
internal static class Embeddings
{
    /// <param name="rows">Number of vectors.</param>
    /// <param name="width">Length of a vector.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="padding">A row that gets no gradient, or null.</param>
    public static Embedding Create(long rows, long width, Placement placement, long? padding = null) =>
        torch.nn.Embedding_from_pretrained(placement.Empty(rows, width), freeze: false, padding_idx: padding);
}
