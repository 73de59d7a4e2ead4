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

    private sealed class MappedRow : DataViewRow
    {
        private readonly ColumnBinding _binding;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly RowBatch? _batch;
        private readonly Delegate?[] _getters;
        private long _computed = -1;
        private bool _disposed;

        public MappedRow(RowTransformer transformer, ColumnBinding binding, DataViewRow input, bool[] active)
        {
            (_binding, _input, _active) = (binding, input, active);
            _getters = new Delegate?[binding.OutputCount];
            if (!binding.AnyOutput(active))
            {
                return;
            }
            _batch = transformer.CreateBatch(binding, capacity: 1);
            _batch.Bind(input);
            for (int output = 0; output < _getters.Length; output++)
            {
                if (active[binding.Input.Count + output])
                {
                    _getters[output] = _batch.Getter(output, Compute);
                }
            }
        }

        public override DataViewSchema Schema => _binding.Output;

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _binding.PassesThrough(column.Index)
            ? _input.GetGetter<TValue>(_binding.Input[column.Index])
            : Getters.Cast<TValue>(_getters[column.Index - _binding.Input.Count], column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _batch?.Dispose();
                _input.Dispose();
            }
            base.Dispose(disposing);
        }

        private int Compute()
        {
            if (_computed != _input.Position)
            {
                _batch!.Read(0);
                _batch.Run(1);
                _computed = _input.Position;
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
