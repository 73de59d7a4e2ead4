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

/// <summary>Trains a classifier of texts or pairs of texts, or one that predicts numbers. Made by <see cref="TransformersCatalog.SequenceClassification"/>.</summary>
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
            new TextColumns(_options.TextColumnName, _options.TextPairColumnName),
            TextSequences.Limit(checkpoint, _options.MaxTokens, _options.LongTexts, _options.TextPairColumnName is not null), _options.BatchSize, _options.Precision)
        {
            PredictedLabelColumnName = _options.PredictedLabelColumnName, ScoreColumnName = _options.ScoreColumnName,
            ProbabilityColumnName = _options.ProbabilityColumnName, Threshold = _options.Threshold, LongTexts = _options.LongTexts, Stride = _options.Stride,
        };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        SequenceProblem problem = SequenceProblem.Of(inputSchema, _options.LabelColumnName, _host, out SchemaShape.Column label);
        return problem.Outputs(_settings, [], keys: null).Shape(inputSchema, label);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the columns that the options name. They are read once.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentException">An option does not go with labels of this type, or names a label that is not there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">The rows have fewer than two classes, no row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SequenceClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SequenceProblem problem = SequenceProblem.Of(input.Schema, _options.LabelColumnName, _host);
        if (_options.ValidationSet is { } set)
        {
            ValidationColumns.Of(set, schema => schema.Require(_host, "label", _options.LabelColumnName, problem.LabelType, problem.Reads));
        }
        ClassificationMetric deciding = problem.Decide(_options);
        LabelKeys labels = problem.Labels(input.Schema, _options.LabelColumnName, _options.ValidationSet, _checkpoint, _host);
        var objective = new LabelObjective(problem.ProblemType, labels.Weights(_options.ClassWeights, nameof(_options.ClassWeights)), _options.LabelSmoothing);
        var run = new TrainingRun(
            _host, _checkpoint, _options, new(HeadKind.SequenceClassification, labels.Names, problem.ProblemType, _options.Head));
        TrainingRows<LabelledSequence<float>> rows = run.Read(input, Reader);
        if (problem.HasClasses)
        {
            labels.RequireTwo(rows.Training.Select(row => (int)row[0].Labels[0]));
        }
        TaskModel network = run.Train(objective, rows, SequenceAnswer.Reading(problem, _settings.LongTexts), (asked, answers, loss) =>
            problem.Measure([.. asked.Select(row => row[0].Labels)], answers, _options.Threshold).With(loss, deciding));
        return new SequenceClassificationTransformer(
            _host, new(_host, network, _checkpoint.Tokenizer, labels.Keys, _settings with { ProblemName = problem.Name }));

        LabelledTexts<LabelledSequence<float>> Reader()
        {
            var sequences = new TextSequences(_checkpoint.Tokenizer, _checkpoint.Config, _settings.MaxTokens, _settings.LongTexts, _settings.Stride);
            return new(
                _settings.Columns, _options.LabelColumnName, (row, label) => problem.Getter(row, label, labels.Names.Count), problem.SkippedBecause,
                () => sequences.Report, (text, given) => Array.ConvertAll(sequences.Read(text), tokens => new LabelledSequence<float>(tokens, given)));
        }
    }
}
