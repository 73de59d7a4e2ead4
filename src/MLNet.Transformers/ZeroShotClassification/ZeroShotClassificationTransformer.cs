using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.ZeroShotClassification;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts into labels that no network was trained for: adds the most probable label as a key and the probabilities of all. Made by
/// <see cref="TransformersCatalog.ApplyZeroShotClassification"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false.
/// </remarks>
public sealed class ZeroShotClassificationTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<ZeroShotClassificationSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<float[]>> _outputs;
    private readonly Entailment _entailment;

    internal ZeroShotClassificationTransformer(IHost host, FittedNetwork<ZeroShotClassificationSettings> fitted, Entailment entailment)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs, _entailment) = (fitted, fitted.Settings.Outputs(), entailment);

    /// <summary>The labels, in the order of the keys and of the scores.</summary>
    public IReadOnlyList<string> Labels => _fitted.Settings.Labels;

    /// <summary>Writes a checkpoint folder that the reference implementation reads: the entailment network as it is, and its tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(ZeroShotClassificationTransformer));
        var fitted = FittedNetwork<ZeroShotClassificationSettings>.Load(host, reader, HeadKind.SequenceClassification);
        return new ZeroShotClassificationTransformer(host, fitted, Entailment.Of(fitted.Config, "the saved network"));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        ZeroShotClassificationSettings settings = _fitted.Settings;
        // The sentence about a label is short and must be whole.
        var tokenizer = new RowTokenizer(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens, TruncationStrategy.OnlyFirst);
        var predictor = new ScoringPredictor<TextRow, TokenSequence, float[], float[]>(
            row => [.. settings.Hypotheses.Select(hypothesis => tokenizer.Encode(row with { Pair = hypothesis }))], () => tokenizer.Report,
            settings.BatchLimits, _entailment.Reading(settings.MultiLabel));
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
