using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.ClozeClassification;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts by what a language model finds most probable behind them, or in their blank: adds the class as a key and the probabilities of all
/// classes. Made by <see cref="ClozeClassificationTrainer"/> or <see cref="TransformersCatalog.ApplyClozeClassification"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false.
/// </remarks>
public sealed class ClozeClassificationTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<ClozeClassificationSettings> _fitted;
    private readonly HeadSpec _head;
    private readonly ClozeScorer _scorer;
    private readonly IReadOnlyList<OutputColumn<ClozeAnswer>> _outputs;

    internal ClozeClassificationTransformer(IHost host, FittedNetwork<ClozeClassificationSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted)
    {
        _fitted = fitted;
        _head = WritingHead.Of(fitted.Config, nameof(ClozeClassificationTransformer));
        _scorer = new ClozeScorer(_head, fitted.Tokenizer, fitted.Config, fitted.Settings.Form);
        _outputs = fitted.Settings.Outputs(Choices.Count, fitted.Keys);
    }

    /// <summary>The classes with their texts, in the order of the keys and of the scores.</summary>
    public IReadOnlyList<ClozeChoice> Choices => _fitted.Settings.Form.Choices;

    /// <summary>Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would be longer), the tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(ClozeClassificationTransformer));
        return new ClozeClassificationTransformer(
            host, FittedNetwork<ClozeClassificationSettings>.Load(host, reader, config => WritingHead.Of(config, nameof(ClozeClassificationTransformer)).Kind));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        var texts = _fitted.Settings.Encoder(_fitted.Tokenizer, _fitted.Config, _head);
        var predictor = new ScoringPredictor<TextRow, ClozeText, float[], ClozeAnswer>(
            row => [_scorer.Text(texts.Encode(row), null)], () => texts.Report, _fitted.Settings.BatchLimits, _scorer.Reading, _scorer.Batch);
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
