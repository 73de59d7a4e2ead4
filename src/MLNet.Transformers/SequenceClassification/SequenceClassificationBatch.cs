using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>The rows of a window, or the one row of a prediction engine: texts in, probabilities out.</summary>
internal sealed class SequenceClassificationBatch(
    IHost host, SharedNetwork.Lease network, TextEncoder tokenizer, SequenceClassificationSettings settings, ColumnBinding binding, int capacity) : RowBatch
{
    private static readonly SequenceClassificationTask _task = new(classWeights: null, smoothing: 0, ClassificationMetric.Accuracy);

    private readonly RowTokenizer _tokenizer = new(tokenizer, network.Model.Config, settings.MaxTokens);
    private readonly TextRow[] _rows = new TextRow[capacity];
    private readonly float[][] _probabilities = new float[capacity][];
    private Func<TextRow>? _read;

    public override void Bind(DataViewRow input) => _read = TextColumns.Reader(input, binding.Read);

    public override void Read(int slot) => _rows[slot] = _read!();

    public override void Run(int count)
    {
        TaskModel model = network.Model;
        TokenSequence[] sequences = _tokenizer.Encode(_rows.AsMemory(0, count));
        BatchScorer.Run(model, sequences, settings.BatchSize, tokenBudget: null, (output, rows) =>
        {
            float[][] answers = _task.Answers(output);
            for (int i = 0; i < rows.Length; i++)
            {
                _probabilities[rows[i]] = answers[i];
            }
        });
    }

    public override Delegate Getter(int output, Func<int> slot) => output == 0
        ? (ValueGetter<uint>)((ref uint value) => value = (uint)SequenceClassificationTask.Argmax(_probabilities[slot()]) + 1)
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            float[] probabilities = _probabilities[slot()];
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, probabilities.Length);
            probabilities.CopyTo(editor.Values);
            value = editor.Commit();
        });

    public override void Dispose()
    {
        if (_tokenizer.Report is { } report)
        {
            host.Info(report);
        }
        network.Dispose();
        base.Dispose();
    }
}
