using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>What every architecture hands to every head.</summary>
/// <param name="Tokens">One vector per token, (batch, tokens, hidden); of an encoder-decoder the decoder's.</param>
/// <param name="Pooled">One vector per sequence, (batch, hidden), pooled as the architecture was pretrained; null where the head has no use for it.</param>
/// <param name="SourceTokens">Of an encoder-decoder the encoder's vectors, (batch, source tokens, hidden).</param>
internal readonly record struct BackboneOutput(Tensor Tokens, Tensor? Pooled = null, Tensor? SourceTokens = null);
