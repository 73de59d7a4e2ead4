using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;
using TorchSharp;

namespace MLNet.Transformers.TextEmbedding;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record TextEmbeddingSettings(TextColumns Columns, string FeaturesColumnName, EmbeddingRecipe Recipe, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public override string Owner => nameof(TextEmbeddingTransformer);

    /// <summary>The column of the vectors.</summary>
    /// <param name="width">Their width.</param>
    public IReadOnlyList<OutputColumn<float[]>> Outputs(int width) => [VectorColumns.Features<float[]>(FeaturesColumnName, width, static vector => vector)];

    /// <summary>How vectors are read from what the network computes.</summary>
    public ScoreReading<TokenSequence, float[], float[]> Reading() => new(
        (output, texts) =>
        {
            torch.Tensor vectors = TextVectors.Of(output, texts, Recipe.Pooling);
            return SequenceAnswer.Rows(Recipe.Normalize ? torch.nn.functional.normalize(vectors, dim: 1) : vectors);
        },
        static (_, parts) => parts[0]);
}
