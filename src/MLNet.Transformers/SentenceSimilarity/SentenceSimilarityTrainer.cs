using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.SentenceSimilarity;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>Trains a network whose vectors of two texts are as alike as the texts. Made by <see cref="TransformersCatalog.SentenceSimilarity"/>.</summary>
public sealed class SentenceSimilarityTrainer : IEstimator<SentenceSimilarityTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SentenceSimilarityOptions _options;
    private readonly SentenceSimilaritySettings _settings;

    internal SentenceSimilarityTrainer(IHostEnvironment environment, Checkpoint checkpoint, SentenceSimilarityOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _host = environment.Register(nameof(SentenceSimilarityTrainer));
        (_checkpoint, _options) = (checkpoint, TextOptions.Checked(options));
        EmbeddingRecipe recipe = EmbeddingRecipe.Of(checkpoint, _options.MaxTokens, _options.Pooling);
        _settings = new(
            new TextColumns(_options.TextColumnName, _options.TextPairColumnName), _options.ScoreColumnName, recipe, recipe.MaxTokens!.Value, _options.BatchSize, _options.Precision);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _settings.Columns.Require(inputSchema, _host);
        inputSchema.Require(_host, "label", _options.LabelColumnName, SequenceProblem.Number.LabelType, SequenceProblem.Number.Reads);
        return _settings.Outputs().Shape(inputSchema, label: null);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the columns that the options name. They are read once.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type, or more stages are to be frozen than there are.</exception>
    /// <exception cref="InvalidOperationException">A label is below -1 or above 1, no row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SentenceSimilarityTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SequenceProblem number = SequenceProblem.Number;
        input.Schema.Require(_host, "label", _options.LabelColumnName, number.LabelType, number.Reads);
        if (_options.ValidationSet is { } set)
        {
            ValidationColumns.Of(set, schema => schema.Require(_host, "label", _options.LabelColumnName, number.LabelType, number.Reads));
        }
        var run = new TrainingRun(_host, _checkpoint, _options, new(TextVectors.Head(_checkpoint.Config)));
        TaskModel network = run.Train(
            new CosineObjective(_settings.Recipe.Pooling), run.Read(input, Reader), TextPair.Reading(_settings.Recipe.Pooling),
            (asked, answers, loss) => NumberMetrics.Of([.. asked.Select(row => (double)row[0].Similarity)], [.. answers.Select(cosine => (double)cosine)])
                .With(loss, _options.ValidationMetric));
        return new SentenceSimilarityTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings));

        LabelledTexts<TextPair> Reader()
        {
            var tokenizer = new RowTokenizer(_checkpoint, _settings.MaxTokens);
            return new(
                _settings.Columns, _options.LabelColumnName, Similarity, number.SkippedBecause, () => tokenizer.Report,
                (row, label) => [TextPair.Of(_settings.Recipe.Prepared(row), tokenizer, label[0])]);
        }
    }

    // A cosine cannot meet others, and data sets often have 0 to 5.
    private static RowGetter<float[]> Similarity(DataViewRow row, DataViewSchema.Column label)
    {
        RowGetter<float[]> read = SequenceProblem.Number.Getter(row, label, count: 1);
        return (out float[] value) => !read(out value) ? false : value[0] is >= -1 and <= 1 ? true : throw new InvalidOperationException(
            $"The label column '{label.Name}' holds {value[0]} in row {row.Position + 1}; similarities are from -1 to 1, as a cosine is: scale them.");
    }
}
