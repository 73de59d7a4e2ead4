using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a network to write a target for a source. Made by <see cref="TransformersCatalog.SequenceToSequence"/> and <see cref="TransformersCatalog.Translation"/>.</summary>
public sealed class SequenceToSequenceTrainer : IEstimator<SequenceToSequenceTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SourceTargetOptions _options;
    private readonly HeadSpec _head;
    private readonly WritingPlan _plan;

    internal SequenceToSequenceTrainer(IHostEnvironment environment, Checkpoint checkpoint, SourceTargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _host = environment.Register(nameof(SequenceToSequenceTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _head = WritingHead.Of(checkpoint.Config, checkpoint.Name);
        _plan = new WritingPlan(checkpoint, _head, _options, _options.Writing, _host);
        _ = NewWriter();
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireText(_host, "source", _options.SourceColumnName);
        inputSchema.RequireText(_host, "target", _options.TargetColumnName);
        return _plan.Settings.Outputs.Shape(inputSchema, label: null);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the columns that the options name. They are read once; rows without a target are skipped and counted in the log.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">No row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SequenceToSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SourceWriter writer = NewWriter();
        var run = new TrainingRun(_host, _checkpoint, _options, new HeadRequest(_head.Kind));
        var objective = new TargetObjective(writer.Layout, _options.LabelSmoothing);
        TrainingRows<SourceTarget> rows = run.Read(input, () => new SourceTargetRows(
            _options.SourceColumnName, _options.TargetColumnName, NewWriter().Sources,
            new TargetEncoder(_checkpoint.Tokenizer, _checkpoint.Config, _head, _plan.EndId, _plan.Limits.Target)));
        TaskModel network = run.Train(objective, rows, validation => Validator([.. validation.SelectMany(row => row)]));
        return new SequenceToSequenceTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _plan.Settings, _checkpoint.SourceTokenizer));

        IValidator Validator(SourceTarget[] validation)
        {
            var loss = new LossValidation<SourceTarget>(objective, validation, _options.BatchLimits, run.Seed);
            return _options.ValidationMetric == SequenceToSequenceMetric.Loss
                ? loss
                : new WrittenValidation(loss, validation, writer, _options.BatchLimits, _options.ValidationMetric);
        }
    }

    // One for each pass, for it counts the sources that were cut. It refuses a prompt that leaves a source no room.
    private SourceWriter NewWriter() => new(_checkpoint.Tokenizer, _checkpoint.Config, _plan.Settings, _checkpoint.SourceTokenizer);
}
