using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>What a head computes.</summary>
/// <param name="Logits">
/// (batch, labels) for sequence classification, (batch, tokens, labels) for token classification, (batch, tokens, 2) for question answering,
/// (batch, tokens, vocabulary) for language models; without a head the hidden states, (batch, tokens, hidden).
/// </param>
/// <param name="SequenceLogits">What the head computes per sequence besides: BERT's next-sentence scores (batch, 2), or the pooled vector where there is no head.</param>
/// <param name="SourceTokens">Of an encoder-decoder the encoder's hidden states, (batch, source tokens, hidden).</param>
internal readonly record struct HeadOutput(Tensor Logits, Tensor? SequenceLogits = null, Tensor? SourceTokens = null);
