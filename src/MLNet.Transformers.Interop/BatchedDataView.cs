using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>The lazy result of a transformer: its cursor reads a window of rows ahead, computes them together, and serves them in order.</summary>
internal sealed class BatchedDataView(RowTransformer transformer, ColumnBinding binding, IDataView source) : IDataView
{
    public DataViewSchema Schema => binding.Output;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = binding.Active(columnsNeeded);
        return Wrap(source.GetRowCursor(binding.Needed(active), rand), active);
    }

    // A network keeps all cores busy by itself: several cursors would multiply the memory and gain nothing. The contract allows fewer than n.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = binding.Active(columnsNeeded);
        return binding.AnyOutput(active)
            ? [Wrap(source.GetRowCursor(binding.Needed(active), rand), active)]
            : [.. source.GetRowCursorSet(binding.Needed(active), n, rand).Select(input => Wrap(input, active))];
    }

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active) => binding.AnyOutput(active)
        ? new WindowCursor(transformer, binding, input, active)
        : new PassThroughCursor(binding, input, active);
}

/// <summary>Serves rows of which no added column is wanted: nothing is read ahead, nothing computed.</summary>
internal sealed class PassThroughCursor(ColumnBinding binding, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => binding.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => binding.PassesThrough(column.Index)
        ? input.GetGetter<TValue>(binding.Input[column.Index])
        : Getters.Cast<TValue>(null, column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }
        base.Dispose(disposing);
    }
}
