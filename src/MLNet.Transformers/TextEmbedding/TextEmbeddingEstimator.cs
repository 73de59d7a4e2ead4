using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;

namespace MLNet.Transformers;

/// <summary>Makes vectors of texts, as features for other trainers: <c>Fit</c> only loads a network. Made by <see cref="TransformersCatalog.TextEmbedding"/>.</summary>
public sealed class TextEmbeddingEstimator : IEstimator<TextEmbeddingTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly TextEmbeddingSettings _settings;

    internal TextEmbeddingEstimator(IHostEnvironment environment, Checkpoint checkpoint, TextEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(TextEmbeddingEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        EmbeddingRecipe recipe = EmbeddingRecipe.Of(checkpoint, options.MaxTokens, options.Pooling);
        recipe = recipe with { Normalize = options.Normalize ?? recipe.Normalize };
        _settings = new(
            new TextColumns(options.TextColumnName, Pair: null), options.FeaturesColumnName, recipe, recipe.MaxTokens!.Value, options.BatchSize, options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs(_checkpoint.Config.HiddenSize).Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the text column.</param>
    /// <exception cref="CheckpointException">The weights are missing or do not fit config.json.</exception>
    public TextEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, TextVectors.Head(_checkpoint.Config), _settings.Precision, _host);
        return new TextEmbeddingTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));
    }
}
