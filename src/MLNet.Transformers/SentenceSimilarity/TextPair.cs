using System.Security.Cryptography;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;
using static TorchSharp.torch;

namespace MLNet.Transformers.SentenceSimilarity;

/// <summary>Two texts that are read each by itself, in one batch.</summary>
/// <param name="First">The first text.</param>
/// <param name="Second">The second text.</param>
/// <param name="Similarity">How alike they are; not looked at where that is to be predicted.</param>
internal readonly record struct TextPair(TokenSequence First, TokenSequence Second, float Similarity = 0) : IFeature
{
    /// <summary>The longer of the two.</summary>
    public TokenSequence Tokens => First.Ids.Length >= Second.Ids.Length ? First : Second;

    /// <summary>Both, each padded to the longer one.</summary>
    public int Length => 2 * Tokens.Ids.Length;

    public static TextPair Of(TextRow row, RowTokenizer tokenizer, float similarity = 0) =>
        new(tokenizer.Encode(new TextRow(row.Text, Pair: null)), tokenizer.Encode(new TextRow(row.Pair!, Pair: null)), similarity);

    /// <summary>How the similarities are read from what the network computes.</summary>
    public static ScoreReading<TextPair, float, float> Reading(EmbeddingPooling pooling) => new(
        (output, pairs) => Cosines(output, pairs, pooling).cpu().data<float>().ToArray(), static (_, cosines) => cosines[0]);

    /// <summary>The first texts of all pairs, then the second ones.</summary>
    public static TokenBatch Pad(IReadOnlyList<TextPair> pairs, NetworkInputs inputs) => inputs.Pad([.. Texts(pairs)]);

    /// <summary>The cosine of each pair's vectors, float32, (pairs).</summary>
    public static Tensor Cosines(HeadOutput output, IReadOnlyList<TextPair> pairs, EmbeddingPooling pooling)
    {
        Tensor vectors = TextVectors.Of(output, Texts(pairs), pooling);
        return nn.functional.cosine_similarity(vectors.narrow(0, 0, pairs.Count), vectors.narrow(0, pairs.Count, pairs.Count), dim: 1);
    }

    public void AddTo(IncrementalHash hash)
    {
        First.AddTo(hash);
        Second.AddTo(hash);
        hash.AppendData(BitConverter.GetBytes(Similarity));
    }

    private static IEnumerable<TokenSequence> Texts(IReadOnlyList<TextPair> pairs) => pairs.Select(pair => pair.First).Concat(pairs.Select(pair => pair.Second));
}
