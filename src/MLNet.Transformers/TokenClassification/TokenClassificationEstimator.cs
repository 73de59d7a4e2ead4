using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.TokenClassification;

namespace MLNet.Transformers;

/// <summary>
/// Tags words with the head that a checkpoint already has: <c>Fit</c> only loads it. Made by <see cref="TransformersCatalog.ApplyTokenClassification"/>.
/// </summary>
public sealed class TokenClassificationEstimator : IEstimator<TokenClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly TokenClassificationSettings _settings;

    internal TokenClassificationEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplyTokenClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(TokenClassificationEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        _settings = new(
            new TokenColumns(options.WordsColumnName, options.TextColumnName), options.SplitAtBlanks, options.PredictedTagsColumnName, options.ScoreColumnName,
            options.EntityColumns, options.Aggregation, options.Stride, WindowTokenizer.Limit(checkpoint, options.MaxTokens, pair: false), options.BatchSize,
            options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the column of words or text.</param>
    /// <exception cref="CheckpointException">The checkpoint has no head for token classification, or its tensors do not fit its config.</exception>
    public TokenClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, HeadKind.TokenClassification, _settings.Precision, _host);
        return new TokenClassificationTransformer(
            _host, new(_host, network, _checkpoint.Tokenizer, KeyValues.FromText(network.Config.Labels), _settings));
    }
}
