using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts with the head that a checkpoint already has: <c>Fit</c> only loads it. Made by
/// <see cref="TransformersCatalog.ApplySequenceClassification"/>.
/// </summary>
public sealed class SequenceClassificationEstimator : IEstimator<SequenceClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SequenceClassificationSettings _settings;

    internal SequenceClassificationEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplySequenceClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(SequenceClassificationEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        _settings = new(
            new TextColumns(options.TextColumnName, options.TextPairColumnName),
            TextSequences.Limit(checkpoint, options.MaxTokens, options.LongTexts, options.TextPairColumnName is not null), options.BatchSize, options.Precision)
        {
            PredictedLabelColumnName = options.PredictedLabelColumnName, ScoreColumnName = options.ScoreColumnName,
            ProbabilityColumnName = options.ProbabilityColumnName, Threshold = options.Threshold, LongTexts = options.LongTexts, Stride = options.Stride,
            ProblemName = SequenceProblem.OfHead(checkpoint, options.PositiveLabel).Name,
            PositiveClass = options.PositiveLabel is { } yes && yes == checkpoint.Config.Labels[0] ? 0 : 1,
        };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Problem.Outputs(_settings, [], keys: null).Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the text columns.</param>
    /// <exception cref="CheckpointException">The checkpoint has no head for sequence classification, or its tensors do not fit its config.</exception>
    public SequenceClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, HeadKind.SequenceClassification, _settings.Precision, _host);
        return new SequenceClassificationTransformer(
            _host, new(_host, network, _checkpoint.Tokenizer, KeyValues.FromText(network.Config.Labels), _settings));
    }
}
