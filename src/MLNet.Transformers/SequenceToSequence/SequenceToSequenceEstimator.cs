using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceToSequence;

namespace MLNet.Transformers;

/// <summary>Writes with a checkpoint as it is: <c>Fit</c> only loads it. Made by <see cref="TransformersCatalog.ApplySequenceToSequence"/>.</summary>
public sealed class SequenceToSequenceEstimator : IEstimator<SequenceToSequenceTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly HeadSpec _head;
    private readonly SequenceToSequenceSettings _settings;

    internal SequenceToSequenceEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplySequenceToSequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(SequenceToSequenceEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        _head = WritingHead.Of(checkpoint.Config, checkpoint.Name);
        _settings = new WritingPlan(checkpoint, _head, options, options.Writing, _host).Settings;
        _ = new SourceWriter(checkpoint.Tokenizer, checkpoint.Config, _settings, checkpoint.SourceTokenizer);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireText(_host, "source", _settings.SourceColumnName);
        return _settings.Outputs.Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the source column.</param>
    /// <exception cref="CheckpointException">The checkpoint has no language-model head, or its tensors do not fit its config.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no weights, or is a BERT that is yet to learn to write.</exception>
    public SequenceToSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        input.Schema.RequireText(_host, "source", _settings.SourceColumnName);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, _head.Kind, _settings.Precision, _host);
        return new SequenceToSequenceTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings, _checkpoint.SourceTokenizer));
    }
}
