using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a classifier of texts or pairs of texts. Made by <see cref="TransformersCatalog.SequenceClassification"/>.</summary>
public sealed class SequenceClassificationTrainer : IEstimator<SequenceClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SequenceClassificationOptions _options;
    private readonly SequenceClassificationSettings _settings;

    internal SequenceClassificationTrainer(IHostEnvironment environment, Checkpoint checkpoint, SequenceClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _host = environment.Register(nameof(SequenceClassificationTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _settings = new(
            new TextColumns(_options.TextColumnName, _options.TextPairColumnName), _options.PredictedLabelColumnName, _options.ScoreColumnName,
            RowTokenizer.Limit(checkpoint, _options.MaxTokens), _options.BatchSize, _options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, inputSchema.RequireKey(_host, "label", _options.LabelColumnName));
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the columns that the options name. They are read once.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">The rows have fewer than two classes, no row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SequenceClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var labels = LabelKeys.Of(input.Schema, _options.LabelColumnName, _options.ValidationSet, _host);
        var objective = new LabelObjective(labels.Weights(_options.ClassWeights, nameof(_options.ClassWeights)), _options.LabelSmoothing);
        var run = new TrainingRun(
            _host, _checkpoint, _options, new(HeadKind.SequenceClassification, labels.Names, ClassAnswer.ProblemType, _options.Head));
        var reader = new LabelledTexts(_settings.Columns, _options.LabelColumnName, new RowTokenizer(_checkpoint, _settings.MaxTokens));
        TrainingRows<LabelledSequence<int>> rows = run.Read(input, reader);
        labels.RequireTwo(rows.Training.Select(row => row[0].Labels[0]));
        TaskModel network = run.Train(objective, rows, ClassAnswer.Reading, (asked, answers, loss) =>
            ClassificationMetrics.Of(
                labels.Names.Count, asked.Zip(answers, (row, answer) => (row[0].Labels[0], answer.Class)), loss, _options.ValidationMetric));
        return new SequenceClassificationTransformer(_host, new(_host, network, _checkpoint.Tokenizer, labels.Keys, _settings));
    }
}
