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
    private readonly ApplySequenceClassificationOptions _options;
    private readonly TextColumns _columns;
    private readonly int _maxTokens;

    internal SequenceClassificationEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplySequenceClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options.Validate();
        RefuseOtherProblems(checkpoint);
        _host = environment.Register(nameof(SequenceClassificationEstimator));
        (_checkpoint, _options) = (checkpoint, options);
        _columns = new TextColumns(options.TextColumnName, options.TextPairColumnName);
        _maxTokens = RowTokenizer.Limit(checkpoint, options.MaxTokens, nameof(options.MaxTokens));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Require(inputSchema, _host);
        return MulticlassColumns.Shape(inputSchema, label: null, _options.PredictedLabelColumnName, _options.ScoreColumnName);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the text columns.</param>
    /// <exception cref="CheckpointException">The checkpoint has no head for sequence classification, or its tensors do not fit its config.</exception>
    public SequenceClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.Find(input.Schema, _host);
        TaskModel model = NetworkLoader.Apply(_checkpoint, HeadKind.SequenceClassification, _host.Info);
        try
        {
            NetworkPlacement.Place(model, _options.Precision, _host);
            var settings = new SequenceClassificationSettings
            {
                Columns = _columns,
                PredictedLabelColumnName = _options.PredictedLabelColumnName,
                ScoreColumnName = _options.ScoreColumnName,
                MaxTokens = _maxTokens,
                BatchSize = _options.BatchSize,
                Precision = _options.Precision,
            };
            return new SequenceClassificationTransformer(_host, settings, model, _checkpoint.Tokenizer, KeyValues.FromText(model.Config.Labels));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void RefuseOtherProblems(Checkpoint checkpoint)
    {
        string? problem = checkpoint.Config.ProblemType ?? (checkpoint.Config.Labels.Count == 1 ? "regression" : null);
        if (problem is not (null or "single_label_classification"))
        {
            throw new NotSupportedException(
                $"The head of {checkpoint.Name} is for {problem}; this version applies heads for one class of several (single_label_classification).");
        }
    }
}
