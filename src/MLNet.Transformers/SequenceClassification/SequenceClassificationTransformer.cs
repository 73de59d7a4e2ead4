using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts or pairs of texts, or predicts a number of each. Made by <see cref="SequenceClassificationTrainer"/> or
/// <see cref="TransformersCatalog.ApplySequenceClassification"/>, which say what columns are added.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working.
/// </remarks>
public sealed class SequenceClassificationTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<SequenceClassificationSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<SequenceAnswer>> _outputs;

    internal SequenceClassificationTransformer(IHost host, FittedNetwork<SequenceClassificationSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted)
    {
        _fitted = fitted;
        _outputs = fitted.Settings.Problem.Outputs(fitted.Settings, Labels, fitted.Keys);
    }

    /// <summary>The classes or labels, in the order of the keys and of the scores; of a number its one name.</summary>
    public IReadOnlyList<string> Labels => _fitted.Config.Labels;

    /// <summary>Writes a checkpoint folder that the reference implementation reads: config.json with the classes, model.safetensors (shards of 5 GB and an index where it would be longer), the tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(SequenceClassificationTransformer));
        return new SequenceClassificationTransformer(host, FittedNetwork<SequenceClassificationSettings>.Load(host, reader, HeadKind.SequenceClassification));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        SequenceClassificationSettings settings = _fitted.Settings;
        var sequences = new TextSequences(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens, settings.LongTexts, settings.Stride);
        var predictor = new ScoringPredictor<TextRow, LabelledSequence<float>, float[], SequenceAnswer>(
            row => Array.ConvertAll(sequences.Read(row), tokens => new LabelledSequence<float>(tokens, [])), () => sequences.Report, settings.BatchLimits,
            SequenceAnswer.Reading(settings.Problem, settings.LongTexts));
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
