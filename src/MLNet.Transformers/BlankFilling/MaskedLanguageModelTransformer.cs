using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.BlankFilling;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Fills blanks of texts: adds the text with its blanks filled, what may fill each, and the probabilities of that. Made by
/// <see cref="TransformersCatalog.ApplyMaskedLanguageModel"/>. What fills a text's blanks does not depend on the rows beside it.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false.
/// </remarks>
public sealed class MaskedLanguageModelTransformer : RowTransformer, ILoadable
{
    private const string Saved = "the saved network";

    private readonly FittedNetwork<MaskedLanguageModelSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<BlankAnswer>> _outputs;

    internal MaskedLanguageModelTransformer(IHost host, FittedNetwork<MaskedLanguageModelSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs) = (fitted, fitted.Settings.Outputs());

    /// <summary>Writes a checkpoint folder that the reference implementation reads: the network as it is, its tokenizer's files, and where it writes generation_config.json.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder, _fitted.Settings.Writing?.GenerationConfigFile);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(MaskedLanguageModelTransformer));
        return new MaskedLanguageModelTransformer(host, FittedNetwork<MaskedLanguageModelSettings>.Load(host, reader, config => BlankHead.Of(config, Saved).Kind));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        IBlankFiller filler = IBlankFiller.Of(BlankHead.Of(_fitted.Config, Saved), _fitted.Tokenizer, _fitted.Config, _fitted.Settings);
        return _fitted.CreateBatch(new BlankPredictor(filler, _fitted.Settings), Reader, _outputs, capacity);

        Func<string> Reader(DataViewRow row)
        {
            Func<TextRow> read = TextColumns.Reader(row, binding.Read);
            return () => read().Text;
        }
    }
}
