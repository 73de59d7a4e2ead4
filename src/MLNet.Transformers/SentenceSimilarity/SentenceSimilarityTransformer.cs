using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SentenceSimilarity;
using MLNet.Transformers.Text;
using MLNet.Transformers.TextEmbedding;

namespace MLNet.Transformers;

/// <summary>
/// Adds how alike two texts are, the cosine of their vectors. Made by <see cref="SentenceSimilarityTrainer"/> or
/// <see cref="TransformersCatalog.ApplySentenceSimilarity"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false.
/// </remarks>
public sealed class SentenceSimilarityTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<SentenceSimilaritySettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<float>> _outputs;

    internal SentenceSimilarityTransformer(IHost host, FittedNetwork<SentenceSimilaritySettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs) = (fitted, fitted.Settings.Outputs());

    /// <summary>
    /// Writes a folder that the reference implementation and sentence-transformers read, and <see cref="TransformersCatalog.TextEmbedding"/>: config.json,
    /// model.safetensors, the tokenizer's files, and what says how vectors are made.
    /// </summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder)
    {
        _fitted.SaveCheckpoint(folder);
        _fitted.Settings.Recipe.Write(folder, _fitted.Config.HiddenSize);
    }

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(SentenceSimilarityTransformer));
        return new SentenceSimilarityTransformer(host, FittedNetwork<SentenceSimilaritySettings>.Load(host, reader, TextVectors.Head));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        SentenceSimilaritySettings settings = _fitted.Settings;
        var tokenizer = new RowTokenizer(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens);
        var predictor = new ScoringPredictor<TextRow, TextPair, float, float>(
            row => [TextPair.Of(settings.Recipe.Prepared(row), tokenizer)], () => tokenizer.Report, settings.BatchLimits, TextPair.Reading(settings.Recipe.Pooling),
            TextPair.Pad);
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
