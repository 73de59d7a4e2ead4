using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a network on plain text, of any size. Made by <see cref="TransformersCatalog.Pretraining"/>.</summary>
public sealed class PretrainingTrainer : IEstimator<PretrainingTransformer>
{
    // Longer sequences cost more than they teach at first (BERT §A.2); networks that read more are asked for it.
    private const int DefaultMaxTokens = 512;

    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly PretrainingOptions _options;
    private readonly PretrainingSettings _settings;
    private readonly ObjectiveContext _context;
    private readonly ITextObjective _objective;

    internal PretrainingTrainer(IHostEnvironment environment, Checkpoint checkpoint, PretrainingObjective objective, PretrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.RequireOneVocabulary("pretraining");
        ArgumentNullException.ThrowIfNull(objective);
        _host = environment.Register(nameof(PretrainingTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        int limit = RowTokenizer.Limit(checkpoint, _options.MaxTokens);
        _settings = new(
            new TextColumns(_options.TextColumnName, null), objective.Checked(), _options.MaxTokens ?? Math.Min(limit, DefaultMaxTokens), _options.BatchSize, _options.Precision)
        {
            LossColumnName = _options.LossColumnName, PerplexityColumnName = _options.PerplexityColumnName, TokenCountColumnName = _options.TokenCountColumnName,
        };
        _context = ObjectiveContext.Of(_settings, checkpoint.Tokenizer, checkpoint.Config);
        _objective = _settings.Objective.Create(_context);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>
    /// Trains. Texts become tokens on all cores while training already runs, if <see cref="TrainingOptions.MaxSteps"/> says how long it is to take; where
    /// epochs say it, all texts become tokens first.
    /// </summary>
    /// <param name="input">Rows with a text column. They are read once.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were held-out documents.</returns>
    /// <exception cref="ArgumentException">A text holds a token that the network has no row for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidDataException">A file that texts are read from is no text.</exception>
    /// <exception cref="InvalidOperationException">There is no text, or none that is long enough, or one document where the objective needs several; or training diverged.</exception>
    /// <exception cref="IOException">There is no room for the tokens.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public PretrainingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        if (_options.ValidationSet is { } set)
        {
            ValidationColumns.Of(set, schema => _settings.Columns.Find(schema, _host));
        }
        var run = new TrainingRun(_host, _checkpoint, _options, new HeadRequest(_settings.Objective.Head));
        DocumentRows? validation = _options.ValidationSet is { } data ? Rows(data, "validation") : null;
        TaskModel network;
        using (var texts = new TokenizedTexts(_host, _context, _objective.Blocks, Rows(input, "training"), validation, _options, run.Seed))
        {
            _host.Info($"Training on plain text, seed {run.Seed}.");
            var source = new BlockSource(texts.Training, _options, run.Seed, texts.Identity, run.CheckAlive);
            bool judged = validation is not null || _options.ValidationShare > 0;
            network = run.Train(_objective, source, judged ? new HeldOutBlocks(_objective, texts.HeldOut, _options, run.Seed) : null);
            texts.Finish();
        }
        return new PretrainingTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));
    }

    private DocumentRows Rows(IDataView data, string what) => new(data, _settings.Columns, what, _host);
}
