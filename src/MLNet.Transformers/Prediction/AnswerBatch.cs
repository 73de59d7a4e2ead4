using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Prediction;

/// <summary>The rows of a window, or the one row of a prediction engine, of any task: rows in, answers out.</summary>
/// <param name="host">Log and cancellation.</param>
/// <param name="network">Held until the batch is disposed.</param>
/// <param name="predictor">Makes the answers.</param>
/// <param name="reader">A function that reads the values of the row that a cursor stands at.</param>
/// <param name="columns">The columns that are read from an answer.</param>
/// <param name="capacity">Most rows; 1: of a prediction engine.</param>
/// <param name="gatherer">Of a prediction engine: answers its row with those of other engines; null: each by itself.</param>
internal sealed class AnswerBatch<TRow, TAnswer>(
    IHost host, SharedNetwork.Lease network, IPredictor<TRow, TAnswer> predictor, Func<DataViewRow, Func<TRow>> reader,
    IReadOnlyList<OutputColumn<TAnswer>> columns, int capacity, RowGatherer<TRow, TAnswer>? gatherer) : RowBatch
{
    private readonly TRow[] _rows = new TRow[capacity];
    private TAnswer[] _answers = [];
    private Func<TRow>? _read;
    private bool _reported;

    public override void Bind(DataViewRow input) => _read = reader(input);

    public override void Read(int slot) => _rows[slot] = _read!();

    public override void Run(int count)
    {
        _answers = gatherer is null ? Predict(_rows.AsMemory(0, count)) : [gatherer.Answer(_rows[0], rows => Predict(rows))];
        // An engine may live as long as its service: that rows are cut is logged once, at the first such row.
        if (capacity == 1)
        {
            ReportOnce();
        }
    }

    public override Delegate Getter(int output, Func<int> slot) => columns[output].Getter(() =>
    {
        // Asking for the slot is what computes the answers.
        int current = slot();
        return _answers[current];
    });

    public override void Dispose()
    {
        ReportOnce();
        network.Dispose();
        base.Dispose();
    }

    private TAnswer[] Predict(ReadOnlyMemory<TRow> rows) => predictor.Predict(network.Model, rows, host.CheckAlive);

    private void ReportOnce()
    {
        if (!_reported && predictor.Report is { } report)
        {
            _reported = true;
            host.Info(report);
        }
    }
}
