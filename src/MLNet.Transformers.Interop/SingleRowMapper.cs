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

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool[] active = binding.Active(activeColumns);
        if (!binding.AnyOutput(active))
        {
            return new MappedRow(transformer, binding, input, active, null);
        }
        RowBatch batch = transformer.CreateBatch(binding, capacity: 1);
        batch.Bind(input);
        var row = new MappedRow(transformer, binding, input, active, batch);
        transformer.Rows.Add(row);
        return row;
    }

    private sealed class MappedRow(RowTransformer transformer, ColumnBinding binding, DataViewRow input, bool[] active, RowBatch? batch) : DataViewRow
    {
        private long _computed = -1;
        private bool _disposed;

        public override DataViewSchema Schema => binding.Output;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => binding.PassesThrough(column.Index)
            ? input.GetGetter<TValue>(binding.Input[column.Index])
            : Getters.Cast<TValue>(active[column.Index] ? batch!.Getter(column.Index - binding.Input.Count, Compute) : null, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                transformer.Rows.Remove(this);
                batch?.Dispose();
                input.Dispose();
            }
            base.Dispose(disposing);
        }

        private int Compute()
        {
            ObjectDisposedException.ThrowIf(_disposed, transformer);
            if (_computed != input.Position)
            {
                batch!.Read(0);
                batch.Run(1);
                _computed = input.Position;
            }
            return 0;
        }
    }
}
