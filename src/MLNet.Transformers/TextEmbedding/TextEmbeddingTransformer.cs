using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;

namespace MLNet.Transformers;

/// <summary>Adds a vector of each text. Made by <see cref="TransformersCatalog.TextEmbedding"/>.</summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false. ML.NET's own trainers read
/// their rows many times: put <c>AppendCacheCheckpoint</c> behind this transformer, or each pass computes the vectors anew.
/// </remarks>
public sealed class TextEmbeddingTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<TextEmbeddingSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<float[]>> _outputs;

    internal TextEmbeddingTransformer(IHost host, FittedNetwork<TextEmbeddingSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs) = (fitted, fitted.Settings.Outputs(fitted.Config.HiddenSize));

    /// <summary>Writes a folder that the reference implementation and sentence-transformers read: config.json, model.safetensors, the tokenizer's files, and what says how vectors are made.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder)
    {
        _fitted.SaveCheckpoint(folder);
        _fitted.Settings.Recipe.Write(folder, _fitted.Config.HiddenSize);
    }

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(TextEmbeddingTransformer));
        return new TextEmbeddingTransformer(host, FittedNetwork<TextEmbeddingSettings>.Load(host, reader, TextVectors.Head));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        TextEmbeddingSettings settings = _fitted.Settings;
        var tokenizer = new RowTokenizer(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens);
        var predictor = new ScoringPredictor<TextRow, TokenSequence, float[], float[]>(
            row => [tokenizer.Encode(settings.Recipe.Prepared(row))], () => tokenizer.Report, settings.BatchLimits, settings.Reading());
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
