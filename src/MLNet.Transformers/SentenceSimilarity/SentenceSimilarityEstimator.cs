using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SentenceSimilarity;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;

namespace MLNet.Transformers;

/// <summary>Says how alike two texts are, by a network's vectors of them: <c>Fit</c> only loads it. Made by <see cref="TransformersCatalog.ApplySentenceSimilarity"/>.</summary>
public sealed class SentenceSimilarityEstimator : IEstimator<SentenceSimilarityTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SentenceSimilaritySettings _settings;

    internal SentenceSimilarityEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplySentenceSimilarityOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(SentenceSimilarityEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        EmbeddingRecipe recipe = EmbeddingRecipe.Of(checkpoint, options.MaxTokens, options.Pooling);
        _settings = new(
            new TextColumns(options.TextColumnName, options.TextPairColumnName), options.ScoreColumnName, recipe, recipe.MaxTokens!.Value, options.BatchSize, options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the text columns.</param>
    /// <exception cref="CheckpointException">The weights are missing or do not fit config.json.</exception>
    public SentenceSimilarityTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, TextVectors.Head(_checkpoint.Config), _settings.Precision, _host);
        return new SentenceSimilarityTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));
    }
}
