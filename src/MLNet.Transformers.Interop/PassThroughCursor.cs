using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

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
