using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.BlankFilling;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>Fills blanks of texts with a checkpoint as it is: <c>Fit</c> only loads it. Made by <see cref="TransformersCatalog.ApplyMaskedLanguageModel"/>.</summary>
public sealed class MaskedLanguageModelEstimator : IEstimator<MaskedLanguageModelTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly HeadSpec _head;
    private readonly MaskedLanguageModelSettings _settings;

    internal MaskedLanguageModelEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplyMaskedLanguageModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.RequireOneVocabulary("filling blanks");
        (_host, _checkpoint, _head) = (environment.Register(nameof(MaskedLanguageModelEstimator)), checkpoint, BlankHead.Of(checkpoint.Config, checkpoint.Name));
        options = TextOptions.Checked(options);
        SequenceToSequenceSettings? writing = _head.ScoresBlanks() ? null : Writing(options);
        _settings = new(
            new TextColumns(options.TextColumnName, Pair: null), writing?.MaxTokens ?? RowTokenizer.Limit(checkpoint, options.MaxTokens), options.BatchSize, options.Precision)
        {
            PredictedTextColumnName = options.PredictedTextColumnName, FillingsColumnName = options.FillingsColumnName, ScoreColumnName = options.ScoreColumnName,
            BlankText = options.BlankText, TopK = options.TopK, Writing = writing,
        };
        _ = IBlankFiller.Of(_head, checkpoint.Tokenizer, checkpoint.Config, _settings);
        if (writing is null && options.TopK > checkpoint.Config.VocabularySize)
        {
            throw Check.OutOfRange(nameof(options.TopK), options.TopK, $"is {options.TopK}, but the network of {checkpoint.Name} has {checkpoint.Config.VocabularySize} tokens; give at most that.");
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the text column.</param>
    /// <exception cref="CheckpointException">The checkpoint lacks the head, or its tensors do not fit its config.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no weights.</exception>
    public MaskedLanguageModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, _head.Kind, _settings.Precision, _host);
        return new MaskedLanguageModelTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));
    }

    private SequenceToSequenceSettings Writing(ApplyMaskedLanguageModelOptions options) =>
        new WritingPlan(_checkpoint, _head, options, options.Writing(_head.Kind == HeadKind.SequenceToSequence ? _checkpoint.Config.MaxTokens : null), _host).Settings;
}
