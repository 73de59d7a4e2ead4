using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.TokenClassification;

namespace MLNet.Transformers;

/// <summary>
/// Tags the words of rows: adds the most probable tag of each word as a vector of keys, and the entities that the tokens make. Rows may be words or raw
/// texts, whatever it was trained on. Made by <see cref="TokenClassificationTrainer"/> or <see cref="TransformersCatalog.ApplyTokenClassification"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working.
/// </remarks>
public sealed class TokenClassificationTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<TokenClassificationSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<TokenAnswer>> _outputs;

    internal TokenClassificationTransformer(IHost host, FittedNetwork<TokenClassificationSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted)
    {
        _fitted = fitted;
        _outputs = fitted.Settings.Outputs(Labels.Count - (fitted.Settings.HasAddedOutside ? 1 : 0), fitted.Keys);
    }

    /// <summary>The tags, in the order of the keys.</summary>
    public IReadOnlyList<string> Labels => _fitted.Config.Labels;

    /// <summary>The entities of each row of what <see cref="RowTransformer.Transform"/> gave, also behind other transformers that kept the columns.</summary>
    /// <param name="transformed">The rows.</param>
    /// <returns>The entities of each row, read as they are asked for.</returns>
    public IEnumerable<IReadOnlyList<Entity>> ReadEntities(IDataView transformed)
    {
        ArgumentNullException.ThrowIfNull(transformed);
        return Read(transformed);

        IEnumerable<IReadOnlyList<Entity>> Read(IDataView data)
        {
            EntityColumnNames names = _fitted.Settings.EntityColumns;
            using DataViewRowCursor cursor = data.GetRowCursor(
                names.OfEntities.Select(name => data.Schema.Require(Host, "entity", name)));
            Func<string[]> texts = cursor.TextsGetter(data.Schema[names.EntityText]), types = cursor.TextsGetter(data.Schema[names.EntityType]);
            Func<int[]> starts = cursor.IntegersGetter(data.Schema[names.EntityStart]), lengths = cursor.IntegersGetter(data.Schema[names.EntityLength]);
            ValueGetter<VBuffer<float>> readScores = cursor.GetGetter<VBuffer<float>>(data.Schema[names.EntityScore]);
            VBuffer<float> scores = default;
            while (cursor.MoveNext())
            {
                readScores(ref scores);
                yield return new EntityPrediction
                {
                    EntityText = texts(), EntityType = types(), EntityStart = starts(), EntityLength = lengths(), EntityScore = [.. scores.DenseValues()],
                }.Entities;
            }
        }
    }

    /// <summary>Writes a checkpoint folder that the reference implementation reads: config.json with the tags, model.safetensors (shards of 5 GB and an index where it would be longer), the tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(TokenClassificationTransformer));
        return new TokenClassificationTransformer(host, FittedNetwork<TokenClassificationSettings>.Load(host, reader, HeadKind.TokenClassification));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, [_fitted.Settings.Columns.Find(input, Host)]);

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        TokenClassificationSettings settings = _fitted.Settings;
        var windows = new TokenWindows(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens, settings.Stride);
        var predictor = new ScoringPredictor<TokenText, TokenWindow, float[][], TokenAnswer>(
            text => windows.Of(text, tags: null), () => windows.Report, settings.BatchLimits, new TokenReading(Labels, settings.Aggregation).Reading);
        return _fitted.CreateBatch(predictor, row => TokenColumns.Reader(row, binding.Read[0], settings.SplitAtBlanks), _outputs, capacity);
    }
}
