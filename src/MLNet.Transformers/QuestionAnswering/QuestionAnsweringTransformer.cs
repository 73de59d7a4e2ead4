using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.QuestionAnswering;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>
/// Finds the answers to questions in texts of any length: adds the best answer and its place, and some of the next best. Made by
/// <see cref="QuestionAnsweringTrainer"/> or <see cref="TransformersCatalog.ApplyQuestionAnswering"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working.
/// </remarks>
public sealed class QuestionAnsweringTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<QuestionAnsweringSettings> _fitted;
    private readonly IReadOnlyList<OutputColumn<SpanAnswer>> _outputs;

    internal QuestionAnsweringTransformer(IHost host, FittedNetwork<QuestionAnsweringSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted) => (_fitted, _outputs) = (fitted, fitted.Settings.Outputs());

    /// <summary>
    /// Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would be
    /// longer), the tokenizer's files; and question_answering.json, by which <see cref="TransformersCatalog.ApplyQuestionAnswering"/> leaves the same
    /// questions without an answer, and which the reference passes over.
    /// </summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder)
    {
        _fitted.SaveCheckpoint(folder);
        AnswerThresholdFile.Write(folder, _fitted.Settings.Rules.NullThreshold);
    }

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(QuestionAnsweringTransformer));
        return new QuestionAnsweringTransformer(host, FittedNetwork<QuestionAnsweringSettings>.Load(host, reader, HeadKind.QuestionAnswering));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) => _outputs.Bind(input, _fitted.Settings.Columns.Find(input, Host));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        QuestionAnsweringSettings settings = _fitted.Settings;
        var tokenizer = new WindowTokenizer(_fitted.Tokenizer, _fitted.Config, settings.MaxTokens, settings.Rules.Stride);
        var predictor = new ScoringPredictor<TextRow, AnswerWindow, WindowAnswers, SpanAnswer>(
            row => Array.ConvertAll(tokenizer.Windows(row, TruncationStrategy.OnlySecond), window => new AnswerWindow(window, row.Pair!, [])),
            () => tokenizer.Report, settings.BatchLimits, SpanReading.Of(settings.Rules));
        return _fitted.CreateBatch(predictor, row => TextColumns.Reader(row, binding.Read), _outputs, capacity);
    }
}
