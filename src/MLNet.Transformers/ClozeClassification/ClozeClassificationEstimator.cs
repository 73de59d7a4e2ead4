using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.ClozeClassification;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts with a language model as it is, by a pattern and verbalizers: <c>Fit</c> only loads it. Made by
/// <see cref="TransformersCatalog.ApplyClozeClassification"/>.
/// </summary>
public sealed class ClozeClassificationEstimator : IEstimator<ClozeClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly HeadSpec _head;
    private readonly ClozeClassificationSettings _settings;

    internal ClozeClassificationEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplyClozeClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.RequireOneVocabulary("cloze classification");
        (_host, _checkpoint) = (environment.Register(nameof(ClozeClassificationEstimator)), checkpoint);
        options = TextOptions.Checked(options);
        _head = WritingHead.Of(checkpoint.Config, checkpoint.Name);
        _settings = ClozeClassificationSettings.Of(
            checkpoint, _head, new TextColumns(options.TextColumnName, options.TextPairColumnName), options.Form, options.PredictedLabelColumnName,
            options.ScoreColumnName, options);
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
    /// <exception cref="CheckpointException">The checkpoint has no language-model head, or its tensors do not fit its config.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no weights.</exception>
    public ClozeClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, _head.Kind, _settings.Precision, _host);
        return new ClozeClassificationTransformer(
            _host, new(_host, network, _checkpoint.Tokenizer, KeyValues.FromText([.. _settings.Form.Choices.Select(choice => choice.Label)]), _settings));
    }
}
