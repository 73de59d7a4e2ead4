using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>Row by row, for prediction engines: the same <see cref="RowBatch"/> with room for one row.</summary>
internal sealed class SingleRowMapper(RowTransformer transformer, ColumnBinding binding) : IRowToRowMapper
{
    public DataViewSchema InputSchema => binding.Input;

    public DataViewSchema OutputSchema => binding.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        binding.Needed(binding.Active(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(transformer, binding, input, binding.Active(activeColumns));

    // An engine declares all columns active; what it really reads shows when it takes a getter, so the batch is made then.
    private sealed class MappedRow(RowTransformer transformer, ColumnBinding binding, DataViewRow input, bool[] active) : DataViewRow
    {
        private RowBatch? _batch;
        private long _computed = -1;
        private bool _disposed;

        public override DataViewSchema Schema => binding.Output;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => binding.PassesThrough(column.Index)
            ? input.GetGetter<TValue>(binding.Input[column.Index])
            : Getters.Cast<TValue>(active[column.Index] ? OutputGetter(column.Index - binding.Input.Count) : null, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                transformer.Rows.Remove(this);
                _batch?.Dispose();
                input.Dispose();
            }
            base.Dispose(disposing);
        }

        private Delegate OutputGetter(int output)
        {
            ObjectDisposedException.ThrowIf(_disposed, transformer);
            if (_batch is null)
            {
                _batch = transformer.CreateBatch(binding, capacity: 1);
                _batch.Bind(input);
                transformer.Rows.Add(this);
            }
            return _batch.Getter(output, Compute);
        }

        private int Compute()
        {
            ObjectDisposedException.ThrowIf(_disposed, transformer);
            if (_computed != input.Position)
            {
                _batch!.Read(0);
                _batch.Run(1);
                _computed = input.Position;
            }
            return 0;
        }
    }
}

internal static class Getters
{
    public static ValueGetter<TValue> Cast<TValue>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        ValueGetter<TValue> typed => typed,
        null => throw new InvalidOperationException($"The column '{column.Name}' was not asked for when the cursor was made."),
        _ => throw new InvalidOperationException($"The column '{column.Name}' holds {column.Type}; it cannot be read as {typeof(TValue)}."),
    };
}
