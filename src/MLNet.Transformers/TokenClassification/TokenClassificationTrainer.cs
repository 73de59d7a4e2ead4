using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Text;
using MLNet.Transformers.TokenClassification;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a tagger of words: named entities, parts of speech. Made by <see cref="TransformersCatalog.TokenClassification"/>.</summary>
public sealed class TokenClassificationTrainer : IEstimator<TokenClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly TokenClassificationOptions _options;
    private readonly TagColumns _columns;
    private readonly TokenClassificationSettings _settings;

    internal TokenClassificationTrainer(IHostEnvironment environment, Checkpoint checkpoint, TokenClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _host = environment.Register(nameof(TokenClassificationTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _columns = new TagColumns(_options);
        _settings = new(
            _columns.Input, SplitAtBlanks: false, _options.PredictedTagsColumnName, _options.ScoreColumnName, _options.EntityColumns, _options.Aggregation,
            _options.Stride, WindowTokenizer.Limit(checkpoint, _options.MaxTokens, pair: false), _options.BatchSize, _options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _settings.Outputs().Shape(inputSchema, _columns.Require(inputSchema, _host));
    }

    /// <summary>Trains.</summary>
    /// <param name="input">
    /// Rows with the columns that the options name. They are read once; where tags are text, or keys without an outside tag, and where there are spans, the
    /// column of tags or types is read once more before.
    /// </param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row's words and tags differ in number, its tags are broken or its spans misaligned; the rows have fewer than two tags; no row is usable; or training
    /// diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public TokenClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var labels = TagLabels.Of(input, _columns, _options.Scheme, _options.ValidationSet, _host);
        TagScheme? scheme = _options.Scheme ?? TagSchemes.Of(labels.Names);
        foreach (string tag in labels.Names)
        {
            if (TagName.Meant(tag) is { } meant)
            {
                _host.Info($"The tag '{tag}' looks like '{meant}', but is learnt as entities of the type '{tag}'.");
            }
        }
        var objective = new TokenObjective(labels.Weights(_options.ClassWeights, nameof(_options.ClassWeights)), _options.LabelSmoothing);
        var run = new TrainingRun(_host, _checkpoint, _options, new(HeadKind.TokenClassification, labels.Names, Source: _options.Head));
        TrainingRows<TokenWindow> rows = run.Read(input, () => new TaggedTexts(
            _columns, labels, new RowCheck(scheme), _options.RepairTags,
            new TokenWindows(_checkpoint.Tokenizer, _checkpoint.Config, _settings.MaxTokens, _settings.Stride)));
        labels.RequireTwo(rows.Training.SelectMany(row => row[0].Row.Tags!).Where(tag => tag != LossTerm.Ignored), "words");
        if (scheme is null && rows.Validation.Count > 0 && _options.ValidationMetric == TokenClassificationMetric.EntityF1)
        {
            _host.Info("Not all tags have a prefix (as B- and I- are), so they are of no scheme, and the accuracy of tags decides which epoch is best, not the F1 of entities.");
        }
        TaskModel network = run.Train(objective, rows, new TokenReading(labels.Names, _options.Aggregation).Reading, (asked, answers, loss) => TokenMetrics.Of(
            labels.Names, [.. asked.Zip(answers, (row, answer) => (row[0].Row.Tags!, answer.Tags))], scheme, loss, _options.ValidationMetric));
        bool splitAtBlanks = TagColumns.SplitAtBlanks(_columns.Find(input.Schema, _host));
        return new TokenClassificationTransformer(
            _host, new(_host, network, _checkpoint.Tokenizer, labels.Keys, _settings with { SplitAtBlanks = splitAtBlanks, HasAddedOutside = labels.HasAddedOutside }));
    }
}
