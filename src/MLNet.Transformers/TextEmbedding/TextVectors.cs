using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.TextEmbedding;

/// <summary>One vector of each text, out of what a network without a head computes.</summary>
internal static class TextVectors
{
    /// <summary>The class of the reference that has what is needed and nothing besides: the encoder alone where there is one.</summary>
    public static HeadKind Head(ModelConfig config) =>
        ArchitectureRegistry.Of(config).Heads.Any(head => head.Kind == HeadKind.Encoder) ? HeadKind.Encoder : HeadKind.None;

    /// <summary>The vectors, float32, (batch, hidden).</summary>
    /// <param name="output">What the network computed of texts that are padded on the right.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="pooling">How they are made.</param>
    public static Tensor Of(HeadOutput output, IEnumerable<TokenSequence> texts, EmbeddingPooling pooling)
    {
        // (batch, tokens, hidden)
        Tensor tokens = output.Logits.to(ScalarType.Float32);
        Tensor counts = tensor([.. texts.Select(text => Math.Max(1L, text.Ids.Length))], device: tokens.device);
        switch (pooling)
        {
            case EmbeddingPooling.Cls:
                return tokens.select(1, 0);
            case EmbeddingPooling.Last:
                return Pooling.At(tokens, counts - Number(1));
            default:
                Tensor counted = Indices(tokens.shape[1], tokens.device).unsqueeze(0).lt(counts.unsqueeze(1));
                return (tokens * counted.unsqueeze(2)).sum(1) / counts.unsqueeze(1);
        }
    }
}
