using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.ClozeClassification;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a language model to classify texts by a pattern and verbalizers. Made by <see cref="TransformersCatalog.ClozeClassification"/>.</summary>
public sealed class ClozeClassificationTrainer : IEstimator<ClozeClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly ClozeClassificationOptions _options;
    private readonly HeadSpec _head;
    private readonly ClozeClassificationSettings _settings;

    internal ClozeClassificationTrainer(IHostEnvironment environment, Checkpoint checkpoint, ClozeClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.RequireOneVocabulary("cloze classification");
        _host = environment.Register(nameof(ClozeClassificationTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _head = WritingHead.Of(checkpoint.Config, checkpoint.Name);
        _settings = ClozeClassificationSettings.Of(
            checkpoint, _head, new TextColumns(_options.TextColumnName, _options.TextPairColumnName), _options.Form, _options.PredictedLabelColumnName,
            _options.ScoreColumnName, _options);
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
    /// <exception cref="ArgumentException">A column is missing or has the wrong type, or a class has no verbalizer.</exception>
    /// <exception cref="InvalidOperationException">The rows have fewer than two classes, no row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public ClozeClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        input.Schema.RequireKey(_host, "label", _options.LabelColumnName);
        var labels = LabelKeys.Of(input.Schema, _options.LabelColumnName, _options.ValidationSet, _host);
        ClozeClassificationSettings settings = _settings.WithLabels(_checkpoint, _head, labels.Names, _options.LabelColumnName);
        var scorer = new ClozeScorer(_head, _checkpoint.Tokenizer, _checkpoint.Config, settings.Form);
        var run = new TrainingRun(_host, _checkpoint, _options, new HeadRequest(_head.Kind));
        TrainingRows<ClozeText> rows = run.Read(input, Reader);
        labels.RequireTwo(rows.Training.Select(row => row[0].Class!.Value));
        TaskModel network = run.Train(new ClozeObjective(scorer), rows, scorer.Reading, (asked, answers, loss) =>
            ClassificationMetrics.Of(labels.Names.Count, asked.Zip(answers, (row, answer) => (row[0].Class!.Value, answer.Class))).With(loss, _options.ValidationMetric));
        return new ClozeClassificationTransformer(_host, new(_host, network, _checkpoint.Tokenizer, labels.Keys, settings));

        LabelledTexts<ClozeText> Reader()
        {
            SourceEncoder texts = settings.Encoder(_checkpoint.Tokenizer, _checkpoint.Config, _head);
            SequenceProblem classes = SequenceProblem.Class;
            return new(
                settings.Columns, _options.LabelColumnName, (row, label) => classes.Getter(row, label, labels.Names.Count), classes.SkippedBecause,
                () => texts.Report, (text, given) => [scorer.Text(texts.Encode(text), (int)given[0])]);
        }
    }
}
