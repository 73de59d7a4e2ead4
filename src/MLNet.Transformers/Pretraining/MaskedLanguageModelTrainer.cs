using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>Trains a masked language model on plain text that need not fit in memory.</summary>
internal sealed class MaskedLanguageModelTrainer
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly MaskedLanguageModelOptions _options;
    private readonly MaskedLanguageModel _objective;
    private readonly int _maxTokens;

    public MaskedLanguageModelTrainer(IHostEnvironment environment, Checkpoint checkpoint, MaskedLanguageModelOptions options)
    {
        _host = environment.Register(nameof(MaskedLanguageModelTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        _objective = new MaskedLanguageModel(checkpoint.Tokenizer, checkpoint.Config, _options.MaskedShare);
        _maxTokens = RowTokenizer.Limit(checkpoint, _options.MaxTokens);
    }

    /// <summary>Trains; the caller owns the network.</summary>
    public TaskModel Fit(IDataView input)
    {
        var run = new TrainingRun(_host, _checkpoint, _options, new HeadRequest(HeadKind.MaskedLanguageModel));
        var reader = new PlainTexts(new TextColumns(_options.TextColumnName, null), _checkpoint.Tokenizer, _checkpoint.Config, _maxTokens);
        TrainingRows.CheckValidationSet(reader, _options, _host);
        using TokenFile texts = Tokenize(input, "training") ?? throw new InvalidOperationException("There is no text to learn from: there is no row, or all have no text.");
        using TokenFile? set = _options.ValidationSet is { } data ? Tokenize(data, "validation") ?? throw TrainingRows.NoValidationRow(reader.SkippedBecause) : null;
        (IReadOnlyList<TokenSequence> training, IReadOnlyList<TokenSequence> validation) = Selection<TokenSequence>.Split(texts, _options, run.Seed);
        validation = set ?? validation;
        _host.Info($"Training on {training.Count:N0} sequences{(validation.Count > 0 ? $", validating on {validation.Count:N0}" : "")}, seed {run.Seed}.");
        return run.Train(
            _objective, new ShuffledFeatures<TokenSequence>(training, _options, run.Seed),
            validation.Count == 0 ? null : new LossValidation<TokenSequence>(_objective, validation, _options.BatchLimits, run.Seed));

        TokenFile? Tokenize(IDataView rows, string what) => TokenFile.Write(
            Path.GetTempPath(), RowFeatures.Read(rows, reader, what, _host).SelectMany(windows => windows));
    }
}
