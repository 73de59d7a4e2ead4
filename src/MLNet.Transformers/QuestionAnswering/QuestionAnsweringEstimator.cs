using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.QuestionAnswering;

namespace MLNet.Transformers;

/// <summary>
/// Answers questions with the head that a checkpoint already has: <c>Fit</c> only loads it. Made by
/// <see cref="TransformersCatalog.ApplyQuestionAnswering"/>.
/// </summary>
public sealed class QuestionAnsweringEstimator : IEstimator<QuestionAnsweringTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly QuestionAnsweringSettings _settings;

    internal QuestionAnsweringEstimator(IHostEnvironment environment, Checkpoint checkpoint, ApplyQuestionAnsweringOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        (_host, _checkpoint) = (environment.Register(nameof(QuestionAnsweringEstimator)), checkpoint);
        QuestionAnsweringSettings settings = QuestionAnsweringSettings.Of(checkpoint, TextOptions.Checked(options));
        _settings = settings with { Rules = settings.Rules with { NullThreshold = settings.Rules.NullThreshold ?? AnswerThresholdFile.Read(checkpoint.Folder) } };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>Loads the network. The rows are not read.</summary>
    /// <param name="input">Any data with the columns of question and context.</param>
    /// <exception cref="CheckpointException">The checkpoint has no head for question answering, or its tensors do not fit its config.</exception>
    public QuestionAnsweringTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, HeadKind.QuestionAnswering, _settings.Precision, _host);
        return new QuestionAnsweringTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));
    }
}
