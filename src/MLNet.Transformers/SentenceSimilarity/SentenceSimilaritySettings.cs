using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;

namespace MLNet.Transformers.SentenceSimilarity;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record SentenceSimilaritySettings(TextColumns Columns, string ScoreColumnName, EmbeddingRecipe Recipe, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public override string Owner => nameof(SentenceSimilarityTransformer);

    /// <summary>The column of the similarity.</summary>
    public IReadOnlyList<OutputColumn<float>> Outputs() => [ScalarColumns.Number<float>(ScoreColumnName, static cosine => cosine)];
}
