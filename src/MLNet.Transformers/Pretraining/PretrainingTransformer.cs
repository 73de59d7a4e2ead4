using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Scores texts by the objective that a network was pretrained with: loss, perplexity and the number of tokens that were guessed. Made by
/// <see cref="PretrainingTrainer"/>; <see cref="Checkpoint"/> is what other tasks go on from.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working.
/// </remarks>
public sealed class PretrainingTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<PretrainingSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<TextLoss>> _outputs;

    internal PretrainingTransformer(IHost host, FittedNetwork<PretrainingSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs) = (fitted, fitted.Settings.Outputs());

    /// <summary>
    /// The pretrained network, for a trainer of any task: what it trains is a copy. Good as long as this transformer is not disposed;
    /// <see cref="SaveCheckpoint"/> writes one that stays.
    /// </summary>
    public Checkpoint Checkpoint => _fitted.Checkpoint("a pretrained network");

    /// <summary>Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would be longer), the tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(PretrainingTransformer));
        return new PretrainingTransformer(host, FittedNetwork<PretrainingSettings>.Load(host, reader, (_, settings) => settings.Objective.Head));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        ITextObjective objective = _fitted.Settings.Objective.Create(ObjectiveContext.Of(_fitted.Settings, _fitted.Tokenizer, _fitted.Config));
        var predictor = new TextLossPredictor(new DocumentEncoder(_fitted.Tokenizer, _fitted.Config), objective);
        return _fitted.CreateBatch(predictor, Reader, _outputs, capacity);

        Func<string> Reader(DataViewRow row)
        {
            Func<TextRow> read = TextColumns.Reader(row, binding.Read);
            return () => read().Text;
        }
    }
}
