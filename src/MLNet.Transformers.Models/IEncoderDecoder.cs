using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>A backbone in two halves, so that a source is encoded once and its target is then decoded token by token.</summary>
internal interface IEncoderDecoder
{
    /// <summary>The encoder's vectors of a source.</summary>
    /// <returns>(batch, source tokens, hidden).</returns>
    Tensor Encode(TokenBatch source);

    /// <summary>The decoder's vectors of a target.</summary>
    /// <param name="target">What the decoder reads, with its cache where there is one.</param>
    /// <param name="source">The encoder's vectors, (batch, source tokens, hidden).</param>
    /// <param name="sourceMask">The source's mask, as it was given.</param>
    /// <returns>(batch, tokens, hidden).</returns>
    Tensor Decode(TokenBatch target, Tensor source, Tensor? sourceMask);
}
