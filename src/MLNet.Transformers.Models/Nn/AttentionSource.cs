using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>What the decoder of an encoder-decoder attends to besides its own tokens.</summary>
/// <param name="States">The encoder's vectors, (batch, source tokens, hidden).</param>
/// <param name="Mask">Which of them are seen, as <see cref="Attention"/> takes it, or null.</param>
internal sealed record AttentionSource(Tensor States, Tensor? Mask);
