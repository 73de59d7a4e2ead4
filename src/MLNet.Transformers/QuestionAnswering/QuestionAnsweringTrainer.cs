using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.QuestionAnswering;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a network to find the answers to questions in texts. Made by <see cref="TransformersCatalog.QuestionAnswering"/>.</summary>
public sealed class QuestionAnsweringTrainer : IEstimator<QuestionAnsweringTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly QuestionAnsweringOptions _options;
    private readonly QuestionAnsweringSettings _settings;

    internal QuestionAnsweringTrainer(IHostEnvironment environment, Checkpoint checkpoint, QuestionAnsweringOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _host = environment.Register(nameof(QuestionAnsweringTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _settings = QuestionAnsweringSettings.Of(checkpoint, _options);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        inputSchema.RequireTexts(_host, AnsweredQuestions.AnswerRole, _options.AnswerColumnName);
        inputSchema.RequireIntegers(_host, AnsweredQuestions.StartRole, _options.AnswerStartColumnName);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>
    /// Trains. Answers that do not stand in their contexts where the data says are counted and named in the log: those that occur once elsewhere are
    /// learnt there, rows with others are skipped.
    /// </summary>
    /// <param name="input">Rows with the columns that the options name. They are read once.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">No row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public QuestionAnsweringTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var run = new TrainingRun(_host, _checkpoint, _options, new(HeadKind.QuestionAnswering, Source: _options.Head));
        TrainingRows<AnswerWindow> rows = run.Read(input, () => new AnsweredQuestions(_settings, _options, _checkpoint));
        QuestionAnsweringSettings settings = _settings with { Rules = _settings.Rules with { NullThreshold = _options.NullScoreThreshold ?? Threshold(rows) } };
        TaskModel network = run.Train(new SpanObjective(), rows, SpanReading.Of(settings.Rules), (asked, answers, loss) =>
            SpanMetrics.Of(asked, answers, loss, _options.ValidationMetric));
        return new QuestionAnsweringTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, settings));
    }

    // Where every question has an answer, what the network says of there being none was never taught.
    private static double? Threshold(TrainingRows<AnswerWindow> rows) => rows.Training.Any(row => row[0].Answers.Count == 0) ? 0 : null;
}
