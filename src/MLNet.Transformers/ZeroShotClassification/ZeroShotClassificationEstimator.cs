using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.ZeroShotClassification;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts into labels that no network was trained for: <c>Fit</c> only loads one that knows entailment. Made by
/// <see cref="TransformersCatalog.ApplyZeroShotClassification"/>.
/// </summary>
public sealed class ZeroShotClassificationEstimator : IEstimator<ZeroShotClassificationTransformer>
{
    private const string Blank = "{}";

    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly Entailment _entailment;
    private readonly ZeroShotClassificationSettings _settings;

    internal ZeroShotClassificationEstimator(
        IHostEnvironment environment, Checkpoint checkpoint, IReadOnlyList<string> labels, string template, ApplyZeroShotClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        CheckLabels(labels);
        ArgumentNullException.ThrowIfNull(template);
        if (!template.Contains(Blank, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The template must hold {Blank} where a label is to stand; it is '{template}'.", nameof(template));
        }
        (_host, _checkpoint, _entailment) = (
            environment.Register(nameof(ZeroShotClassificationEstimator)), checkpoint, Entailment.Of(checkpoint.Config, checkpoint.Name));
        options = TextOptions.Checked(options);
        _settings = new(new TextColumns(options.TextColumnName, Pair: null), RowTokenizer.Limit(checkpoint, options.MaxTokens), options.BatchSize, options.Precision)
        {
            PredictedLabelColumnName = options.PredictedLabelColumnName, ScoreColumnName = options.ScoreColumnName, MultiLabel = options.MultiLabel,
            Labels = [.. labels], Hypotheses = [.. labels.Select(label => template.Replace(Blank, label, StringComparison.Ordinal))],
        };
        CheckHypotheses();
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
    /// <exception cref="CheckpointException">The checkpoint has no head for sequence classification, or its tensors do not fit its config.</exception>
    public ZeroShotClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _settings.Columns.Find(input.Schema, _host);
        TaskModel network = NetworkPlacement.Apply(_checkpoint, HeadKind.SequenceClassification, _settings.Precision, _host);
        return new ZeroShotClassificationTransformer(_host, new(_host, network, _checkpoint.Tokenizer, keys: null, _settings), _entailment);
    }

    private void CheckHypotheses()
    {
        int longest = _settings.Hypotheses.Max(hypothesis => _checkpoint.Tokenizer.Encode("", hypothesis).Length);
        if (longest >= _settings.MaxTokens)
        {
            throw new ArgumentException(
                $"The sentence about a label takes {longest} tokens, which leaves no room for a text: rows have {_settings.MaxTokens}. Shorten the labels or the template.");
        }
    }

    private static void CheckLabels(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0 || labels.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException(labels.Count == 0 ? "There is no label." : $"Label {labels.ToList().FindIndex(string.IsNullOrWhiteSpace) + 1} is empty.", nameof(labels));
        }
        if (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The label '{twice.Key}' is given {twice.Count()} times.", nameof(labels));
        }
    }
}
